using System.Runtime.InteropServices;
using System.Text;

namespace IptablesAtom.Netlink.Linux;

/// <summary>An argv or envp in native memory: a null-ended vector of NUL-ended strings, in one allocation.</summary>
internal sealed unsafe class StringBlock : IDisposable
{
    private byte** _vector;

    /// <summary>Copies the strings; their bytes are passed on as they are.</summary>
    internal StringBlock(IReadOnlyList<byte[]> strings)
    {
        nuint size = (nuint)((strings.Count + 1) * sizeof(byte*));
        foreach (byte[] text in strings)
        {
            size += (nuint)text.Length + 1;
        }

        _vector = (byte**)NativeMemory.AllocZeroed(size);
        byte* next = (byte*)(_vector + strings.Count + 1);
        for (int i = 0; i < strings.Count; i++)
        {
            _vector[i] = next;
            strings[i].CopyTo(new Span<byte>(next, strings[i].Length));
            next += strings[i].Length + 1;
        }
    }

    /// <summary>The vector, for exec and posix_spawn.</summary>
    internal byte** Vector => _vector;

    /// <summary>The UTF-8 bytes of strings.</summary>
    internal static byte[][] Encode(IEnumerable<string> strings) => [.. strings.Select(Encoding.UTF8.GetBytes)];

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_vector);
        _vector = null;
    }
}
