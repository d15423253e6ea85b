using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Snapshots;

/// <summary>Puts an <see cref="IpSet"/> together: from the nests of a dump, or entry by entry.</summary>
internal sealed class IpSetBuilder
{
    private const int NestSize = 32 * 1024;
    private readonly string _name;
    private readonly string _typeName;
    private readonly byte _revision;
    private readonly byte _family;
    private readonly byte[] _createData;
    private readonly bool _isList;
    private readonly List<byte[]> _nests = [];
    private readonly List<string> _members = [];
    private readonly ArrayBufferWriter<byte> _open = new();
    private int _count;
    private UInt128 _hash;

    /// <summary>Begins a set.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="typeName">For example <c>hash:ip</c>.</param>
    /// <param name="revision">The type's revision.</param>
    /// <param name="family">NFPROTO_*.</param>
    /// <param name="createData">What a create takes: see <see cref="IpSet.CreateData"/>.</param>
    internal IpSetBuilder(string name, string typeName, byte revision, byte family, byte[] createData)
    {
        (_name, _typeName, _revision, _family, _createData) = (name, typeName, revision, family, createData);
        _isList = typeName == "list:set";
    }

    /// <summary>Begins a set like another one, without entries.</summary>
    internal static IpSetBuilder Like(IpSet set) => new(set.Name, set.TypeName, set.Revision, set.Family, set.CreateData);

    /// <summary>Number in its namespace; 0 where it is in none yet.</summary>
    internal ushort Index { get; init; }

    /// <summary>References by rules and lists.</summary>
    internal int References { get; init; }

    /// <summary>Takes over a nest whose addresses are mended already.</summary>
    internal void AddNest(byte[] nest)
    {
        _nests.Add(nest);
        foreach (IpSetEntry entry in new IpSetEntries([nest], _typeName))
        {
            Account(entry);
        }
    }

    /// <summary>Copies an entry in.</summary>
    internal void Add(IpSetEntry entry)
    {
        if (_open.WrittenCount + entry.Whole.Length > NestSize)
        {
            CloseNest();
        }

        _open.Write(entry.Whole);
        Account(entry);
    }

    internal IpSet Build()
    {
        CloseNest();
        UInt128 header = HashOfHeader(out bool hasTimeout);
        Span<byte> content = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(content, header);
        BinaryPrimitives.WriteUInt128LittleEndian(content[16..], _hash);
        return new IpSet
        {
            Name = _name,
            Index = Index,
            TypeName = _typeName,
            Revision = _revision,
            Family = _family,
            CreateData = _createData,
            Entries = _nests,
            Count = _count,
            HeaderHash = header,
            ContentHash = XxHash128.HashToUInt128(content),
            References = References,
            Members = _members,
            HasTimeout = hasTimeout,
        };
    }

    private void CloseNest()
    {
        if (_open.WrittenCount > 0)
        {
            _nests.Add(_open.WrittenSpan.ToArray());
            _open.ResetWrittenCount();
        }
    }

    private void Account(IpSetEntry entry)
    {
        _count++;
        if (_isList)
        {
            // The order of a list counts: the first member that matches decides.
            Span<byte> chain = stackalloc byte[32];
            BinaryPrimitives.WriteUInt128LittleEndian(chain, _hash);
            BinaryPrimitives.WriteUInt128LittleEndian(chain[16..], entry.ContentHash);
            _hash = XxHash128.HashToUInt128(chain);
            _members.Add(entry.Name);
        }
        else
        {
            _hash += entry.ContentHash; // dumps come in the order of the kernel's hash: a sum has none
        }
    }

    private UInt128 HashOfHeader(out bool hasTimeout)
    {
        hasTimeout = false;
        using MessageWriter bytes = new(256);
        bytes.PutRaw(Encoding.Latin1.GetBytes(_typeName));
        bytes.PutRaw([_revision, _family]);
        foreach (NetlinkAttribute attribute in new AttributeReader(_createData))
        {
            // The kernel chooses the one and grows the other.
            if (attribute.Type is IpsetHeaderAttribute.InitialValue or IpsetHeaderAttribute.HashSize)
            {
                continue;
            }

            hasTimeout |= attribute.Type == IpsetHeaderAttribute.Timeout;
            bytes.PutBytes(attribute.RawType, attribute.Value);
        }

        return XxHash128.HashToUInt128(bytes.Written);
    }
}
