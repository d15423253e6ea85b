using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Planning;

namespace IptablesAtom.History;

/// <summary>The bytes of a <see cref="Base"/> on disk.</summary>
/// <remarks>
/// <code>
/// "IATB"  version (u32)  checksum of what follows (XXH3, u64)
/// sources      number, names
/// tables       number, { backend, family, name, number of chains, { name, owner, policy owner, policy, number of rules, { key, owner } } }
/// sets         number, { name, number of parts, { owner, created, number of entries, { identity } } }
/// </code>
/// Numbers are little endian or, where small, of variable length. A rule takes 17 bytes: 100,000 rules are written and read in milliseconds.
/// </remarks>
internal static class BaseFormat
{
    private const int Version = 1;
    private const int HeaderSize = 16;

    private static ReadOnlySpan<byte> Magic => "IATB"u8;

    internal static byte[] Write(Base value)
    {
        using MemoryStream stream = new();
        stream.Write(new byte[HeaderSize]);
        using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
        {
            Write(writer, value.Sources, static (writer, source) => writer.Write(source));
            Write(writer, [.. value.Tables.OrderBy(table => table.Key, Comparer<TableId>.Create(TableId.Compare))], WriteTable);
            Write(writer, [.. value.Sets.OrderBy(set => set.Key, StringComparer.Ordinal)], WriteSet);
        }

        byte[] bytes = stream.ToArray();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), XxHash3.HashToUInt64(bytes.AsSpan(HeaderSize)));
        return bytes;
    }

    internal static Base Read(string path, byte[] bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw BaseStoreException.Damaged(path, "is not a base of iptables-atom, or is cut short");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)) is var version && version != Version)
        {
            throw BaseStoreException.Damaged(path, $"is of format {version}, this version of iptables-atom knows format {Version} only");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) != XxHash3.HashToUInt64(bytes.AsSpan(HeaderSize)))
        {
            throw BaseStoreException.Damaged(path, "is damaged (its checksum is wrong)");
        }

        using BinaryReader reader = new(new MemoryStream(bytes, HeaderSize, bytes.Length - HeaderSize), Encoding.UTF8);
        return new Base
        {
            Sources = Read(reader, static reader => reader.ReadString()),
            Tables = Read(reader, ReadTable).ToDictionary(),
            Sets = Read(reader, ReadSet).ToDictionary(),
        };
    }

    private static void Write<T>(BinaryWriter writer, IReadOnlyCollection<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(items.Count);
        foreach (T item in items)
        {
            write(writer, item);
        }
    }

    private static T[] Read<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        T[] items = new T[reader.Read7BitEncodedInt()];
        for (int index = 0; index < items.Length; index++)
        {
            items[index] = read(reader);
        }

        return items;
    }

    // Foreign (-1) is written as 0, so that one byte is enough.
    private static void WriteOwner(BinaryWriter writer, int owner) => writer.Write7BitEncodedInt(owner + 1);

    private static int ReadOwner(BinaryReader reader) => reader.Read7BitEncodedInt() - 1;

    private static void WriteTable(BinaryWriter writer, KeyValuePair<TableId, IReadOnlyDictionary<string, BaseChain>> table)
    {
        writer.Write((byte)table.Key.Backend);
        writer.Write((byte)table.Key.Family);
        writer.Write(table.Key.Name);
        Write(writer, [.. table.Value.OrderBy(chain => chain.Key, StringComparer.Ordinal)], static (writer, chain) =>
        {
            writer.Write(chain.Key);
            WriteOwner(writer, chain.Value.Owner);
            WriteOwner(writer, chain.Value.PolicyOwner);
            writer.Write((byte)chain.Value.PolicyBefore);
            Write(writer, chain.Value.Rules, static (writer, rule) =>
            {
                writer.Write((ulong)rule.Key.Value);
                writer.Write((ulong)(rule.Key.Value >> 64));
                WriteOwner(writer, rule.Owner);
            });
        });
    }

    private static KeyValuePair<TableId, IReadOnlyDictionary<string, BaseChain>> ReadTable(BinaryReader reader)
    {
        TableId id = new((Backend)reader.ReadByte(), (Family)reader.ReadByte(), reader.ReadString());
        KeyValuePair<string, BaseChain>[] chains = Read(reader, static reader => new KeyValuePair<string, BaseChain>(reader.ReadString(), new BaseChain
        {
            Owner = ReadOwner(reader),
            PolicyOwner = ReadOwner(reader),
            PolicyBefore = (Policy)reader.ReadByte(),
            Rules = Read(reader, static reader =>
            {
                ulong low = reader.ReadUInt64();
                return new BaseRule(new RuleKey(new UInt128(reader.ReadUInt64(), low)), ReadOwner(reader));
            }),
        }));
        return new(id, chains.ToDictionary());
    }

    private static void WriteSet(BinaryWriter writer, KeyValuePair<string, IReadOnlyList<BaseSet>> set)
    {
        writer.Write(set.Key);
        Write(writer, set.Value, static (writer, part) =>
        {
            WriteOwner(writer, part.Owner);
            writer.Write(part.Created);
            Write(writer, part.Entries, static (writer, entry) => writer.Write(entry));
        });
    }

    private static KeyValuePair<string, IReadOnlyList<BaseSet>> ReadSet(BinaryReader reader) => new(
        reader.ReadString(),
        Read(reader, static reader => new BaseSet(ReadOwner(reader), reader.ReadBoolean(), Read(reader, static reader => reader.ReadUInt64()))));
}
