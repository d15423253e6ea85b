using System.Buffers.Binary;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging;

/// <summary>What the launcher shall start: file, arguments and the whole environment, as bytes.</summary>
internal sealed record LaunchOrder(string Path, IReadOnlyList<byte[]> Arguments, IReadOnlyList<byte[]> Environment, bool OutputToError)
{
    /// <summary>The number of arguments, 4 bytes; whether standard output goes to standard error, 1 byte; then path, arguments and environment, each NUL-ended.</summary>
    internal byte[] Encode()
    {
        using MemoryStream stream = new();
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(count, Arguments.Count);
        stream.Write(count);
        stream.WriteByte(OutputToError ? (byte)1 : (byte)0);
        foreach (byte[] text in (IEnumerable<byte[]>)[.. StringBlock.Encode([Path]), .. Arguments, .. Environment])
        {
            stream.Write(text);
            stream.WriteByte(0);
        }

        return stream.ToArray();
    }

    internal static LaunchOrder Decode(ReadOnlySpan<byte> content)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(content);
        byte[][] texts = ProcessEnvironment.Split(content[5..]);
        return new LaunchOrder(System.Text.Encoding.UTF8.GetString(texts[0]), texts[1..(1 + count)], texts[(1 + count)..], content[4] != 0);
    }
}
