using System.Buffers.Binary;
using System.IO.Hashing;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Snapshots;

/// <summary>One entry of an ipset: a view of the kernel's bytes, without copying.</summary>
/// <param name="whole">The entry's IPSET_ATTR_DATA attribute with its header.</param>
/// <param name="isMacValue">bitmap:ip,mac: the address alone is the key; elsewhere a MAC address belongs to the key.</param>
internal readonly ref struct IpSetEntry(ReadOnlySpan<byte> whole, bool isMacValue)
{
    // Odd, so that multiplying loses nothing: tells a permanent entry from one that has a time left, within a sum of hashes.
    private static readonly UInt128 Permanent = new(0x9e3779b97f4a7c15, 0xf39cc0605cedc835);

    /// <summary>What a dump gives, and an add takes.</summary>
    internal ReadOnlySpan<byte> Whole { get; } = whole;

    /// <summary>Its attributes.</summary>
    internal AttributeReader Attributes => new(Whole[4..]);

    /// <summary>Seconds left; 0 is permanent; null in a set without timeouts.</summary>
    internal uint? TimeLeft => Attributes.TryFind(IpsetEntryAttribute.Timeout, out NetlinkAttribute time) ? time.AsUInt32Be() : null;

    /// <summary>list:set: the member's name.</summary>
    internal string Name => Attributes.TryFind(IpsetEntryAttribute.Name, out NetlinkAttribute name) ? name.AsString() : "";

    /// <summary>
    /// What the kernel takes as the entry's key, hashed: addresses, prefix lengths, ports, protocol, mark, MAC, interface, name. Equal in
    /// every namespace and for ever; two entries of one set have different ones.
    /// </summary>
    internal ulong Identity
    {
        get
        {
            Run run = new(Whole);
            int position = 4;
            foreach (NetlinkAttribute attribute in Attributes)
            {
                int size = (attribute.Value.Length + 7) & ~3;
                bool isKey = attribute.Type switch
                {
                    IpsetEntryAttribute.Ethernet => !isMacValue,
                    IpsetEntryAttribute.Flags => (attribute.AsUInt32Be() & IpsetEntryAttribute.FlagPhysdev) != 0,
                    int type => type is >= IpsetEntryAttribute.Address and <= IpsetEntryAttribute.PortTo
                        or IpsetEntryAttribute.Protocol or IpsetEntryAttribute.Mark
                        or IpsetEntryAttribute.Name or (>= IpsetEntryAttribute.Address2 and <= IpsetEntryAttribute.Interface),
                };
                if (isKey)
                {
                    run.Add(position, attribute.Type == IpsetEntryAttribute.Flags ? 4 : size);
                }

                position += size;
            }

            return XxHash3.HashToUInt64(run.Bytes);
        }
    }

    /// <summary>
    /// Key and value, hashed, without what changes by itself: time left and counters. Whether it is permanent counts.
    /// </summary>
    internal UInt128 ContentHash
    {
        get
        {
            Run run = new(Whole);
            int position = 4;
            bool isPermanent = false;
            foreach (NetlinkAttribute attribute in Attributes)
            {
                int size = (attribute.Value.Length + 7) & ~3;
                switch (attribute.Type)
                {
                    case IpsetEntryAttribute.Timeout:
                        isPermanent = attribute.AsUInt32Be() == 0;
                        break;
                    case IpsetEntryAttribute.Bytes or IpsetEntryAttribute.Packets:
                        break;
                    default:
                        run.Add(position, size);
                        break;
                }

                position += size;
            }

            UInt128 hash = XxHash128.HashToUInt128(run.Bytes);
            return isPermanent ? hash * Permanent : hash;
        }
    }

    /// <summary>An entry of the same set's type with other bytes.</summary>
    internal IpSetEntry With(ReadOnlySpan<byte> bytes) => new(bytes, isMacValue);

    /// <summary>How many bytes the entry at the beginning of some bytes takes.</summary>
    internal static int SizeAt(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return length >= 4 && length <= bytes.Length
            ? Math.Min((length + 3) & ~3, bytes.Length)
            : throw new WireFormatException("an ipset's entry", $"4 to {bytes.Length} bytes", length);
    }

    /// <summary>Parts of the entry to be hashed. In nearly every entry they are one piece, which is then not copied.</summary>
    private ref struct Run(ReadOnlySpan<byte> whole)
    {
        private readonly ReadOnlySpan<byte> _whole = whole;
        private byte[]? _pieces;
        private int _start;
        private int _length;

        internal readonly ReadOnlySpan<byte> Bytes => _pieces is null ? _whole.Slice(_start, _length) : _pieces.AsSpan(0, _length);

        internal void Add(int position, int size)
        {
            size = Math.Min(size, _whole.Length - position);
            if (_length == 0)
            {
                _start = position;
            }
            else if (_pieces is null && position != _start + _length)
            {
                _pieces = new byte[_whole.Length];
                _whole.Slice(_start, _length).CopyTo(_pieces);
            }

            if (_pieces is not null)
            {
                _whole.Slice(position, size).CopyTo(_pieces.AsSpan(_length));
            }

            _length += size;
        }
    }
}
