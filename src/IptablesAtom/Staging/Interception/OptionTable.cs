using System.Collections.Frozen;

namespace IptablesAtom.Staging.Interception;

/// <summary>The options of rules that are understood. It is a list of what is allowed: anything else goes to the real tool.</summary>
internal static class OptionTable
{
    private static readonly FrozenDictionary<string, OptionKind> Kinds = Build();

    /// <summary>Looks an option up by its exact spelling; a shortened long option is not found.</summary>
    internal static bool TryGet(string word, out OptionKind kind) => Kinds.TryGetValue(word, out kind);

    /// <summary>True if the option is read by iptables itself or by a protocol's match, so that it belongs to the base of the rule.</summary>
    internal static bool IsBase(string word, OptionKind kind) => kind is OptionKind.Source or OptionKind.Destination
        or OptionKind.Interface or OptionKind.Port or OptionKind.DestinationPort
        || word is "-f" or "--fragment" or "--tcp-flags" or "--syn" or "--icmp-type" or "--icmpv6-type";

    private static FrozenDictionary<string, OptionKind> Build()
    {
        Dictionary<string, OptionKind> kinds = new(StringComparer.Ordinal);
        Add(OptionKind.Source, "-s --source --src");
        Add(OptionKind.Destination, "-d --destination --dst");
        Add(OptionKind.Interface, "-i --in-interface -o --out-interface");
        Add(OptionKind.Port, "--sport --source-port");
        Add(OptionKind.DestinationPort, "--dport --destination-port");
        Add(OptionKind.Ports, "--sports --source-ports --dports --destination-ports --ports");
        Add(OptionKind.Comment, "--comment");
        Add(OptionKind.NatAddress, "--to-destination --to-source");
        Add(OptionKind.Protocol, "-p --protocol --proto");
        Add(OptionKind.Match, "-m --match");
        Add(OptionKind.Jump, "-j --jump");
        Add(OptionKind.Goto, "-g --goto");
        Add(OptionKind.Literal,
            "--icmp-type --icmpv6-type --ctstate --state --limit --limit-burst --mac-source --mark --src-range --dst-range --pkt-type "
            + "--length --ttl-eq --uid-owner --gid-owner --hashlimit-above --hashlimit-upto --hashlimit-name --hashlimit-mode "
            + "--hashlimit-burst --connlimit-above --connlimit-mask --name --seconds --hitcount --string --algo --reject-with "
            + "--log-prefix --log-level --to --to-port --to-ports --set-mark --set-xmark --set-mss --nflog-group --nflog-prefix --queue-num "
            + "--physdev-in --src-type --dst-type");
        Add(OptionKind.TwoLiterals, "--tcp-flags --match-set --add-set --del-set");
        Add(OptionKind.Flag,
            "-f --fragment --syn --set --rsource --update --rcheck --log-tcp-options --log-ip-options --log-uid --save-mark "
            + "--restore-mark --clamp-mss-to-pmtu --random --notrack --physdev-is-bridged");
        return kinds.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(OptionKind kind, string words)
        {
            foreach (string word in words.Split(' '))
            {
                kinds.Add(word, kind);
            }
        }
    }
}
