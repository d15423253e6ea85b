using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;

namespace IptablesAtom.Snapshots;

/// <summary>Walks the entries of nests: <c>foreach (IpSetEntry entry in IpSetEntries.Of(set))</c>.</summary>
internal readonly ref struct IpSetEntries
{
    private const int NetByteOrder = 0x4000; // NLA_F_NET_BYTEORDER
    private const int Nested = 0x8000; // NLA_F_NESTED
    private readonly IReadOnlyList<byte[]> _nests;
    private readonly bool _isMacValue;

    internal IpSetEntries(IReadOnlyList<byte[]> nests, string typeName)
    {
        _nests = nests;
        _isMacValue = typeName == "bitmap:ip,mac";
    }

    /// <summary>The entries of a set, in the kernel's order.</summary>
    internal static IpSetEntries Of(IpSet set) => new(set.Entries, set.TypeName);

    /// <summary>The identities of a set's entries, sorted.</summary>
    internal static ulong[] Identities(IpSet set)
    {
        ulong[] identities = new ulong[set.Count];
        int count = 0;
        foreach (IpSetEntry entry in Of(set))
        {
            identities[count++] = entry.Identity;
        }

        Array.Sort(identities);
        return identities;
    }

    public Enumerator GetEnumerator() => new(_nests, _isMacValue);

    /// <summary>
    /// Sets the byte order bit of the addresses in one attribute list (a header's Data, or an entry's): the kernel leaves it out in its
    /// dumps and refuses an add without it (error 4097).
    /// </summary>
    internal static void Mend(Span<byte> attributes)
    {
        for (int at = 0; at + 8 <= attributes.Length;)
        {
            int type = BinaryPrimitives.ReadUInt16LittleEndian(attributes[(at + 2)..]);
            int size = IpSetEntry.SizeAt(attributes[at..]);
            bool isAddress = (type & ~Nested) is IpsetEntryAttribute.Address or IpsetEntryAttribute.AddressTo
                or IpsetEntryAttribute.Address2 or IpsetEntryAttribute.Address2To;
            if (isAddress && (type & Nested) != 0 && size >= 8)
            {
                Span<byte> inner = attributes[(at + 6)..];
                BinaryPrimitives.WriteUInt16LittleEndian(inner, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(inner) | NetByteOrder));
            }

            at += size;
        }
    }

    /// <summary>The same for every entry of a nest.</summary>
    internal static void MendNest(Span<byte> nest)
    {
        while (nest.Length > 0)
        {
            int size = IpSetEntry.SizeAt(nest);
            Mend(nest[4..size]);
            nest = nest[size..];
        }
    }

    internal ref struct Enumerator(IReadOnlyList<byte[]> nests, bool isMacValue)
    {
        private ReadOnlySpan<byte> _rest;
        private int _next;

        public IpSetEntry Current { get; private set; }

        public bool MoveNext()
        {
            while (_rest.Length == 0)
            {
                if (_next == nests.Count)
                {
                    return false;
                }

                _rest = nests[_next++];
            }

            int size = IpSetEntry.SizeAt(_rest);
            Current = new IpSetEntry(_rest[..size], isMacValue);
            _rest = _rest[size..];
            return true;
        }
    }
}
