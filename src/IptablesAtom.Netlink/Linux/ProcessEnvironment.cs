using System.Text;

namespace IptablesAtom.Netlink.Linux;

/// <summary>
/// This process' environment as the bytes with which it was started, so that a program started by us gets them unchanged: the
/// runtime's own view replaces what is no UTF-8 and merges doubled names.
/// </summary>
internal static class ProcessEnvironment
{
    private static readonly Lazy<byte[][]> Own = new(() => Split(File.ReadAllBytes("/proc/self/environ")));

    /// <summary>The environment with some variables set anew; the order of the others is kept.</summary>
    internal static IReadOnlyList<byte[]> With(IReadOnlyDictionary<string, string>? changes)
    {
        if (changes is null || changes.Count == 0)
        {
            return Own.Value;
        }

        List<byte[]> result = [.. Own.Value.Where(entry => !changes.Keys.Any(name => Names(entry, name)))];
        result.AddRange(StringBlock.Encode(changes.Select(change => $"{change.Key}={change.Value}")));
        return result;
    }

    /// <summary>Cuts NUL-ended strings apart.</summary>
    internal static byte[][] Split(ReadOnlySpan<byte> block)
    {
        List<byte[]> strings = [];
        while (!block.IsEmpty)
        {
            int end = block.IndexOf((byte)0);
            strings.Add((end < 0 ? block : block[..end]).ToArray());
            block = end < 0 ? [] : block[(end + 1)..];
        }

        return [.. strings];
    }

    private static bool Names(ReadOnlySpan<byte> entry, string name)
    {
        int length = entry.IndexOf((byte)'=');
        return length >= 0 && entry[..length].SequenceEqual(Encoding.UTF8.GetBytes(name));
    }
}
