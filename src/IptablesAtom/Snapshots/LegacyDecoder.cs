using System.Buffers.Binary;
using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Snapshots;

/// <summary>A legacy table's bytes as chains and rules.</summary>
/// <remarks>
/// <para>
/// The kernel knows no chains: a jump is an offset in the table, and so is the verdict of a rule without <c>-j</c>, which leads to
/// the entry behind it. Both stand in <see cref="Rule.Raw"/> as 0, which no other verdict is: with <see cref="Rule.Jump"/> it is a
/// jump, without it a rule that falls through. So a rule's bytes do not depend on where it stands.
/// </para>
/// <para>
/// <code>
/// base chain   rules from hook_entry[h] on; at underflow[h] the policy: an unconditional ACCEPT or DROP
/// user chain   ERROR entry with its name; rules; an unconditional RETURN
/// last entry   ERROR entry named "ERROR"
/// </code>
/// </para>
/// </remarks>
internal ref struct LegacyDecoder
{
    private static readonly string[] IpHooks = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"];
    private static readonly string[] ArpHooks = ["INPUT", "OUTPUT", "FORWARD"];

    private readonly TableId _id;
    private readonly XtablesBlob _blob;
    private readonly Func<ushort, string> _setName;
    private readonly bool _keepsBytes;
    private readonly Dictionary<int, string> _chainAt = [];

    private LegacyDecoder(TableId id, XtablesBlob blob, Func<ushort, string> setName, bool keepsBytes)
    {
        _keepsBytes = keepsBytes;
        _id = id;
        _blob = blob;
        _setName = setName;
    }

    /// <summary>Decodes a table.</summary>
    /// <param name="id">Its identity.</param>
    /// <param name="blob">As the kernel gave it.</param>
    /// <param name="setName">The name behind an ipset's index in that namespace.</param>
    /// <param name="keepsBytes">False if rules are only compared: they come without their bytes, and those of the blob are spoilt.</param>
    internal static Table Decode(TableId id, XtablesBlob blob, Func<ushort, string> setName, bool keepsBytes = true) =>
        new LegacyDecoder(id, blob, setName, keepsBytes).Decode();

    /// <summary>The name of a base chain.</summary>
    internal static string HookName(Family family, int hook) => (family == Family.Arp ? ArpHooks : IpHooks)[hook];

    private readonly Table Decode()
    {
        FindChains();
        List<Chain> chains = [];
        List<Rule> rules = [];
        string? userChain = null;
        int hook = -1;
        XtablesWalk walk = new(_blob.Layout, _blob.Entries);
        while (walk.Next())
        {
            if (walk.IsError)
            {
                userChain = _chainAt.GetValueOrDefault(walk.Offset + walk.Entry.Length);
                continue;
            }

            if (userChain is null && hook == -1)
            {
                hook = HookAt(_blob.Info.HookEntry, walk.Offset);
            }

            if (userChain is null && _blob.Info.Underflow[hook] == walk.Offset)
            {
                chains.Add(new Chain
                {
                    Name = HookName(_id.Family, hook),
                    Hook = new Hook(hook, Priority(hook), "", ""),
                    Policy = PolicyOf(walk.Verdict),
                    Counter = CounterOf(walk),
                    Rules = [.. rules],
                });
                rules.Clear();
                hook = -1;
            }
            else if (userChain is not null && walk.IsBeforeError())
            {
                if (!walk.IsStandard || walk.Verdict != XtablesVerdict.Return)
                {
                    throw new WireFormatException($"the end of chain {userChain} of {_id}", "RETURN", walk.IsStandard ? walk.Verdict : 0);
                }

                chains.Add(new Chain { Name = userChain, Counter = CounterOf(walk), Rules = [.. rules] });
                rules.Clear();
            }
            else
            {
                rules.Add(RuleOf(walk));
            }
        }

        return new Table { Id = _id, Chains = chains };
    }

    private readonly void FindChains()
    {
        for (int hook = 0; hook < _blob.Layout.HookCount; hook++)
        {
            if (_blob.Info.HasHook(hook))
            {
                _chainAt[_blob.Info.HookEntry[hook]] = HookName(_id.Family, hook);
            }
        }

        XtablesWalk walk = new(_blob.Layout, _blob.Entries);
        while (walk.Next())
        {
            int next = walk.Offset + walk.Entry.Length;
            if (walk.IsError && next < _blob.Entries.Length)
            {
                ReadOnlySpan<byte> name = walk.Target.Slice(XtablesLayout.ExtensionHeader, 30);
                _chainAt[next] = Encoding.Latin1.GetString(name[..name.IndexOf((byte)0)]);
            }
        }
    }

    private readonly Rule RuleOf(XtablesWalk walk)
    {
        byte[] kept = _keepsBytes ? walk.Entry.ToArray() : [];
        Span<byte> raw = _keepsBytes ? kept : walk.Entry;
        Counter counter = CounterOf(walk);
        int verdict = walk.IsStandard ? walk.Verdict : -1;
        raw.Slice(_blob.Layout.ComefromAt, 4).Clear(); // the kernel's own mark: which hooks reach the rule
        raw.Slice(_blob.Layout.CountersAt, 16).Clear();
        string? jump = null;
        if (verdict >= 0)
        {
            raw.Slice(walk.TargetOffset + XtablesLayout.ExtensionHeader, 4).Clear();
            if (verdict != walk.Offset + walk.Entry.Length && !_chainAt.TryGetValue(verdict, out jump))
            {
                throw new WireFormatException($"a jump in {_id}", "the offset of a chain's first rule", verdict);
            }
        }

        IReadOnlyList<SetReference> sets = LegacySets.Find(_blob.Layout, raw, walk.TargetOffset, _setName);
        return new Rule
        {
            Raw = kept,
            Key = KeyOf(raw, jump, sets),
            Jump = jump,
            IsGoto = jump is not null && (raw[_blob.Layout.FlagsAt] & _blob.Layout.GotoFlag) != 0,
            Sets = sets,
            Counter = counter,
        };
    }

    /// <summary>The hash of the bytes, with the set indexes cleared and their names and the destination's appended.</summary>
    internal static RuleKey KeyOf(ReadOnlySpan<byte> raw, string? jump, IReadOnlyList<SetReference> sets)
    {
        if (jump is null && sets.Count == 0)
        {
            return RuleKey.Of(raw);
        }

        string names = string.Join('\0', sets.Select(set => set.Name).Prepend(jump ?? ""));
        byte[] normalised = new byte[raw.Length + Encoding.Latin1.GetByteCount(names)];
        raw.CopyTo(normalised);
        Encoding.Latin1.GetBytes(names, normalised.AsSpan(raw.Length));
        foreach (SetReference set in sets)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(normalised.AsSpan(set.Offset), 0);
        }

        return RuleKey.Of(normalised);
    }

    private readonly int HookAt(int[] offsets, int offset)
    {
        for (int hook = 0; hook < _blob.Layout.HookCount; hook++)
        {
            if (_blob.Info.HasHook(hook) && offsets[hook] == offset)
            {
                return hook;
            }
        }

        throw new WireFormatException($"{_id}", "an entry that belongs to a chain", offset);
    }

    private readonly Policy PolicyOf(int verdict) => verdict switch
    {
        XtablesVerdict.Accept => Policy.Accept,
        XtablesVerdict.Drop => Policy.Drop,
        _ => throw new WireFormatException($"a policy of {_id}", "ACCEPT or DROP", verdict),
    };

    private readonly int Priority(int hook) => _id.Name switch
    {
        "raw" => -300, // NF_IP_PRI_RAW
        "mangle" => -150, // NF_IP_PRI_MANGLE
        "nat" => hook is 1 or 4 ? 100 : -100, // NF_IP_PRI_NAT_SRC, NF_IP_PRI_NAT_DST
        "security" => 50, // NF_IP_PRI_SECURITY
        _ => 0, // NF_IP_PRI_FILTER
    };

    private static Counter CounterOf(XtablesWalk walk) => new(walk.Counter.Packets, walk.Counter.Bytes);
}
