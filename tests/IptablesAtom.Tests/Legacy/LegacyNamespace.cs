using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Legacy;

/// <summary>What the legacy tests ask of a namespace.</summary>
internal static class LegacyNamespace
{
    extension(NetworkNamespace target)
    {
        internal IReadOnlyList<Table> LegacyTables() => LegacySnapshot.Read(target);

        internal string SetName(ushort index)
        {
            using NetlinkSocket socket = NetlinkSocket.Open(target, NetlinkProtocol.Netfilter);
            return IpsetIndex.NameOf(socket, index) ?? throw new InvalidOperationException($"no set {index}");
        }

        internal ushort SetIndex(string name)
        {
            using NetlinkSocket socket = NetlinkSocket.Open(target, NetlinkProtocol.Netfilter);
            return IpsetIndex.IndexOf(socket, name) ?? throw new InvalidOperationException($"no set {name}");
        }

        /// <summary>Every table as the kernel has it.</summary>
        internal SortedDictionary<string, XtablesBlob> Blobs()
        {
            SortedDictionary<string, XtablesBlob> blobs = new(StringComparer.Ordinal);
            foreach (Family family in LegacyFamilies.All)
            {
                using XtablesSocket socket = XtablesSocket.Open(target, family.Xtables);
                foreach (string name in XtablesNames.Read(target, family.Xtables))
                {
                    blobs[$"{family} {name}"] = socket.GetEntries(name);
                }
            }

            return blobs;
        }
    }

    /// <summary>Loads rules by the real tools, one command each; gives the number that they took.</summary>
    internal static int Load(this TestNamespace target, IEnumerable<RuleLine> rules)
    {
        string commands = string.Join('\n', rules.Select(rule => $"{rule.Command} 2>/dev/null && n=$((n+1))"));
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"""
                ipset create hosts hash:ip timeout 0 counters
                ipset create hosts6 hash:ip family inet6 timeout 0 counters
                for t in iptables ip6tables arptables; do $t-legacy -N user; done
                iptables-legacy -t mangle -A INPUT -j RATEEST --rateest-name est --rateest-interval 250ms --rateest-ewmalog 500ms
                n=0
                {commands}
                echo $n
                """);
            return int.Parse(target.Sh($"sh {file} 2>/dev/null"), System.Globalization.CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
