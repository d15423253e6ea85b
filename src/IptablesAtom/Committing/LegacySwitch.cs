using System.Buffers.Binary;
using System.Globalization;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Committing;

/// <summary>
/// The switch between old and new rules: the list:set <c>off</c> that a rule in front of every base chain asks, and its partner
/// <c>on</c>. One swap of the two changes the answer for every packet, in all tables of both families at once.
/// </summary>
/// <remarks>
/// <c>off</c> begins empty: it holds no address. <c>on</c> holds a set of every IPv4 address and one of every IPv6 address (hash:net takes
/// no prefix of length 0, so each is two halves). list:set is of no family, so the rules of both families ask the same set. Rules hold a set by its
/// index, and a swap is one store of the pointer behind the index.
/// </remarks>
internal sealed class LegacySwitch(IpsetSocket sets, string prefix)
{
    private const string Marker = "-switch-";
    private const int BusyRetries = 50;
    private const int BusyMilliseconds = 10;

    /// <summary>Begins the names of its sets and chains: <c>iptatom-</c> and 8 hex digits.</summary>
    internal string Prefix => prefix;

    private string Off => $"{prefix}{Marker}off";

    private string On => $"{prefix}{Marker}on";

    private string All4 => $"{prefix}{Marker}v4";

    private string All6 => $"{prefix}{Marker}v6";

    /// <summary>A switch with a name of its own.</summary>
    internal static LegacySwitch New(IpsetSocket sets) =>
        new(sets, string.Create(CultureInfo.InvariantCulture, $"iptatom-{Random.Shared.Next():x8}"));

    /// <summary>The switches that interrupted runs left behind.</summary>
    internal static IEnumerable<LegacySwitch> Leftovers(IpsetSocket sets) => sets.Names()
        .Where(name => name.StartsWith("iptatom-", StringComparison.Ordinal) && name.Contains(Marker, StringComparison.Ordinal))
        .Select(name => name[..name.IndexOf(Marker, StringComparison.Ordinal)])
        .Distinct(StringComparer.Ordinal)
        .Select(prefix => new LegacySwitch(sets, prefix));

    /// <summary>Creates the four sets, off.</summary>
    /// <returns>The index of <c>off</c>, for the rules.</returns>
    internal ushort Create()
    {
        using IpsetBatch batch = sets.Batch();
        CreateAll(batch, All4, LibC.AF_INET, [0, 0, 0, 0], [128, 0, 0, 0]);
        CreateAll(batch, All6, LibC.AF_INET6, new byte[16], [128, .. new byte[15]]);
        batch.Create(On, "list:set", 0, 0, []);
        batch.Create(Off, "list:set", 0, 0, []);
        batch.AddMember(On, All4);
        batch.AddMember(On, All6);
        batch.Execute();
        return sets.FindIndex(Off) ?? throw new IpsetException($"ipset header {Off}", (int)IpsetError.NotFound);
    }

    /// <summary>Changes the answer: the flip. A swap is refused while somebody lists one of the two, so it is tried again for half a second.</summary>
    internal void Flip() => Retry(() => sets.Swap(Off, On));

    /// <summary>True if the new rules are in force.</summary>
    internal bool IsOn()
    {
        if (sets.FindIndex(Off) is null)
        {
            return false; // half made or half destroyed: no rule asks it, for a set that a rule asks cannot be destroyed
        }

        bool hasMember = false;
        sets.List(Off, IpsetListing.Entries, message => hasMember |=
            new AttributeReader(message.NetfilterAttributes).TryFind(IpsetAttribute.Entries, out Netlink.Netlink.Attribute entries)
            && !entries.Value.IsEmpty);
        return hasMember;
    }

    /// <summary>Destroys the sets that are there; the rules that ask them must be gone.</summary>
    internal void Destroy()
    {
        foreach (string name in new[] { Off, On, All4, All6 }.Where(name => sets.FindIndex(name) is not null))
        {
            Retry(() => sets.Destroy(name));
        }
    }

    /// <summary>The payload of a match <c>set</c> that asks the set with this index for the packet's source.</summary>
    internal static byte[] Match(ushort index, byte revision)
    {
        // {u16 index, u8 dim, u8 flags}; bit 1 of the flags: dimension 1 is the source. Revision 4 adds counters to compare, all unused.
        byte[] payload = new byte[(revision >= 3 ? 80 : 40) - XtablesLayout.ExtensionHeader];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, index);
        payload[2] = 1;
        payload[3] = 2;
        return payload;
    }

    private static void CreateAll(IpsetBatch batch, string name, byte family, byte[] lowHalf, byte[] highHalf)
    {
        batch.Create(name, "hash:net", 0, family, []);
        batch.Add(name, [.. Half(family, lowHalf), .. Half(family, highHalf)]);
    }

    /// <summary>One entry, a prefix of length 1: <c>DATA { IP { IPADDR address } CIDR 1 }</c>.</summary>
    private static byte[] Half(byte family, byte[] address)
    {
        using MessageWriter writer = new(64);
        using (writer.Nested(IpsetAttribute.Data))
        {
            using (writer.Nested(IpsetEntryAttribute.Address))
            {
                writer.PutBytes((family == LibC.AF_INET ? 1 : 2) | 0x4000, address); // IPSET_ATTR_IPADDR_IPV4, _IPV6; NLA_F_NET_BYTEORDER
            }

            writer.PutByte(IpsetEntryAttribute.PrefixLength, 1);
        }

        return writer.Written.ToArray();
    }

    private static void Retry(Action command)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                command();
                return;
            }
            catch (IpsetException refusal) when (attempt < BusyRetries
                && refusal.Error is IpsetError.BeingListed or IpsetError.Busy or IpsetError.Referenced)
            {
                Thread.Sleep(BusyMilliseconds);
            }
        }
    }
}
