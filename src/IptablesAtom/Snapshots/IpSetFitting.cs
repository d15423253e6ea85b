using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Snapshots;

/// <summary>
/// Makes entries of one set acceptable to another of the same type but other options: the kernel refuses the time, counters, comment or skbinfo of an
/// entry if the set has none, and gives an entry without a time the set's default.
/// </summary>
/// <param name="target">The set that shall take the entries.</param>
/// <param name="source">The set that they are of.</param>
internal sealed class IpSetFitting(IpSet target, IpSet source) : IDisposable
{
    private const uint WithCounters = 8; // IPSET_FLAG_WITH_COUNTERS
    private const uint WithComment = 16; // IPSET_FLAG_WITH_COMMENT
    private const uint WithSkbInfo = 64; // IPSET_FLAG_WITH_SKBINFO
    private readonly bool _isFitting = target.HeaderHash == source.HeaderHash;
    private readonly MessageWriter _writer = new(512);
    private readonly bool _hasCounters = Has(target, WithCounters);
    private readonly bool _hasComment = Has(target, WithComment);
    private readonly bool _hasSkbInfo = Has(target, WithSkbInfo);

    /// <summary>The entry as the target takes it; valid until the next call.</summary>
    internal IpSetEntry Fit(IpSetEntry entry)
    {
        if (_isFitting)
        {
            return entry;
        }

        _writer.Clear();
        using (_writer.Nested(IpsetAttribute.Data))
        {
            bool hasTime = false;
            foreach (NetlinkAttribute attribute in entry.Attributes)
            {
                bool isTaken = attribute.Type switch
                {
                    IpsetEntryAttribute.Timeout => target.HasTimeout,
                    IpsetEntryAttribute.Bytes or IpsetEntryAttribute.Packets => _hasCounters,
                    IpsetEntryAttribute.Comment => _hasComment,
                    IpsetEntryAttribute.SkbMark or IpsetEntryAttribute.SkbPriority or IpsetEntryAttribute.SkbQueue => _hasSkbInfo,
                    _ => true,
                };
                if (isTaken)
                {
                    _writer.PutBytes(attribute.RawType, attribute.Value);
                    hasTime |= attribute.Type == IpsetEntryAttribute.Timeout;
                }
            }

            if (target.HasTimeout && !hasTime)
            {
                _writer.PutUInt32Be(IpsetEntryAttribute.Timeout | 0x4000, 0); // it was permanent and stays so
            }
        }

        return entry.With(_writer.Written);
    }

    /// <summary>True if entries of the set change by themselves: times and counters.</summary>
    internal static bool HasState(IpSet set) => set.HasTimeout || Has(set, WithCounters);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static bool Has(IpSet set, uint flag) =>
        new AttributeReader(set.CreateData).TryFind(IpsetEntryAttribute.Flags, out NetlinkAttribute flags) && (flags.AsUInt32Be() & flag) != 0;
}
