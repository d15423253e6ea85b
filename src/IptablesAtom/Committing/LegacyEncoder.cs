using System.Buffers.Binary;
using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Chains and rules as a legacy table's bytes: the reverse of <see cref="LegacyDecoder"/>, which explains the format.</summary>
internal ref struct LegacyEncoder
{
    private readonly Table _table;
    private readonly XtablesLayout _layout;
    private readonly Func<string, ushort> _setIndex;
    private readonly IReadOnlyList<Chain> _chains;
    private readonly Dictionary<string, int> _firstRule = new(StringComparer.Ordinal);
    private readonly int[] _hookEntry;
    private readonly int[] _underflow;
    private Span<byte> _entries;
    private int _position;

    private LegacyEncoder(Table table, Func<string, ushort> setIndex)
    {
        _table = table;
        _layout = table.Id.Family.Xtables;
        _setIndex = setIndex;
        _chains = Order(table);
        _hookEntry = new int[_layout.HookCount];
        _underflow = new int[_layout.HookCount];
    }

    /// <summary>Encodes a table.</summary>
    /// <param name="table">Its rules may come from several tables and namespaces.</param>
    /// <param name="setIndex">The index of an ipset in the namespace that the bytes are for.</param>
    internal static XtablesBlob Encode(Table table, Func<string, ushort> setIndex) => new LegacyEncoder(table, setIndex).Encode();

    /// <summary>The chains as the bytes hold them: base chains by hook, then the user chains as they are.</summary>
    internal static IReadOnlyList<Chain> Order(Table table) =>
        [.. table.Chains.Where(chain => chain.IsBase).OrderBy(chain => chain.Hook!.Value.Number), .. table.Chains.Where(chain => !chain.IsBase)];

    private XtablesBlob Encode()
    {
        XtablesInfo info = Place();
        XtablesBlob blob = new(_layout, info);
        _entries = blob.Entries;
        foreach (Chain chain in _chains)
        {
            if (!chain.IsBase)
            {
                PutError(chain.Name);
            }

            foreach (Rule rule in chain.Rules)
            {
                Put(rule);
            }

            PutVerdict(chain switch
            {
                { IsBase: false } => XtablesVerdict.Return,
                { Policy: Policy.Drop } => XtablesVerdict.Drop,
                _ => XtablesVerdict.Accept,
            });
        }

        PutError("ERROR");
        return blob;
    }

    /// <summary>Finds where each chain will stand, which jumps to later chains need to know.</summary>
    private readonly XtablesInfo Place()
    {
        long offset = 0;
        int count = 1;
        uint hooks = 0;
        foreach (Chain chain in _chains)
        {
            offset += chain.IsBase ? 0 : _layout.EntrySize + XtablesLayout.ErrorTarget;
            _firstRule[chain.Name] = (int)offset;
            if (chain.Hook is { } hook)
            {
                hooks |= 1u << hook.Number;
                _hookEntry[hook.Number] = (int)offset;
            }

            offset += chain.Rules.Sum(rule => (long)rule.Raw.Length);
            if (chain.Hook is { } at)
            {
                _underflow[at.Number] = (int)offset;
            }

            offset += _layout.EntrySize + XtablesLayout.StandardTarget;
            count += chain.Rules.Count + (chain.IsBase ? 1 : 2);
        }

        offset += _layout.EntrySize + XtablesLayout.ErrorTarget;
        return offset > 512 << 20 // XT_MAX_TABLE_SIZE
            ? throw new LegacyTableException(_table.Id, $"its {count} entries take {offset} bytes, and the kernel takes at most 512 MB")
            : new XtablesInfo { ValidHooks = hooks, HookEntry = _hookEntry, Underflow = _underflow, EntryCount = count, Size = (int)offset };
    }

    private void Put(Rule rule)
    {
        int offset = _position;
        Span<byte> entry = Take(rule.Raw.Length);
        rule.Raw.CopyTo(entry);
        LegacySets.Write(rule, entry, _setIndex);
        Span<byte> target = entry[BinaryPrimitives.ReadUInt16LittleEndian(entry[_layout.TargetOffsetAt..])..];
        if (rule.Jump is not null)
        {
            if (!_firstRule.TryGetValue(rule.Jump, out int destination))
            {
                throw new LegacyTableException(_table.Id, $"a rule jumps to the chain \"{rule.Jump}\", which the table does not have");
            }

            BinaryPrimitives.WriteInt32LittleEndian(target[XtablesLayout.ExtensionHeader..], destination);
        }
        else if (target[2] == 0 && BinaryPrimitives.ReadInt32LittleEndian(target[XtablesLayout.ExtensionHeader..]) == 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target[XtablesLayout.ExtensionHeader..], offset + entry.Length);
        }
    }

    private void PutVerdict(int verdict) =>
        BinaryPrimitives.WriteInt32LittleEndian(PutBare(XtablesLayout.StandardTarget)[XtablesLayout.ExtensionHeader..], verdict);

    private void PutError(string name)
    {
        Span<byte> target = PutBare(XtablesLayout.ErrorTarget);
        "ERROR"u8.CopyTo(target[2..]);
        if (Encoding.Latin1.GetByteCount(name) > 29)
        {
            throw new LegacyTableException(_table.Id, $"the chain name \"{name}\" is longer than 29 bytes");
        }

        Encoding.Latin1.GetBytes(name, target[XtablesLayout.ExtensionHeader..]);
    }

    /// <summary>An entry that matches everything, and its target's payload still empty.</summary>
    private Span<byte> PutBare(int targetSize) => LegacyEntry.Write(_layout, Take(_layout.EntrySize + targetSize), _layout.EntrySize);

    private Span<byte> Take(int size)
    {
        Span<byte> taken = _entries.Slice(_position, size);
        _position += size;
        return taken;
    }
}
