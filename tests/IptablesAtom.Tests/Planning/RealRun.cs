using System.Text;
using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Planning;

/// <summary>
/// Scripts with the real tools in a namespace seeded from another one, planned; the plan is brought into force by the real
/// iptables-restore from the texts of the desired rules, so that nothing of our commit is asked.
/// </summary>
internal sealed class RealRun(Backend backend) : IDisposable
{
    private readonly string _tools = backend == Backend.Nft ? "nft" : "legacy";

    internal TestNamespace Live { get; } = new();

    internal Base Base { get; set; } = new();

    internal MergeOptions Options { get; set; } = new();

    internal TableId Filter => new(backend, Family.Ipv4, "filter");

    internal TableId Nat => new(backend, Family.Ipv4, "nat");

    /// <summary>Runs a shell script in live; <c>iptables</c> is the back-end's.</summary>
    internal void InLive(string script) => Live.Sh(Prelude + script);

    internal Plan Plan(string script, string source = "/script")
    {
        Snapshot live = Read(Live.Namespace);
        SeedPlan seed = SeedPlan.Choose(SeedFrom.Auto, source, Base, live);
        using TestNamespace staging = new();
        Fill(seed.Content, staging.Namespace);
        Snapshot seeded = seed.Resolve(Read(staging.Namespace));
        staging.Sh(Prelude + script);
        Snapshot staged = seed.Resolve(Read(staging.Namespace));
        RuleText.Fill(live, Live.Namespace);
        RuleText.Fill(staged, staging.Namespace);
        return Planner.Make(new PlanInput
        {
            Base = Base,
            Source = source,
            SeedKind = seed.Kind,
            Seed = seeded,
            Staged = staged,
            Live = live,
            Options = Options,
        });
    }

    internal Plan Run(string script, string source = "/script")
    {
        Plan plan = Plan(script, source);
        foreach (TableChange change in plan.Tables)
        {
            File.WriteAllText(RestoreFile, Text(change.Desired!));
            Live.Sh($"iptables-{_tools}-restore < {RestoreFile}");
        }

        Base = plan.NextBase;
        return plan;
    }

    /// <summary>The rules of a chain in live, as iptables-save has them.</summary>
    internal string[] Rules(TableId table, string chain) =>
    [
        .. Live.Sh($"iptables-{_tools}-save -t {table.Name}").Split('\n').Where(line => line.StartsWith($"-A {chain} ", StringComparison.Ordinal)),
    ];

    public void Dispose()
    {
        Live.Dispose();
        File.Delete(RestoreFile);
    }

    internal static Snapshot Read(NetworkNamespace target)
    {
        using SetNames names = new(target);
        NftSnapshot nft = NftSnapshot.Read(target);
        return new Snapshot
        {
            Generation = nft.Generation,
            Tables = [.. nft.Tables, .. LegacySnapshot.Read(target, names.NameOf)],
            Sets = IpSetSnapshot.Read(target),
        };
    }

    private static void Fill(Snapshot content, NetworkNamespace staging)
    {
        SetCommit.Seed(content.Sets, staging);
        using IpsetSocket socket = IpsetSocket.Open(staging);
        ushort IndexOf(string name) => socket.FindIndex(name)!.Value;
        NftCommit.Seed(staging, [.. content.Tables.Where(table => table.Id.Backend == Backend.Nft)], IndexOf);
        LegacySeed.Write(content.Tables.Where(table => table.Id.Backend == Backend.Legacy), staging, IndexOf);
    }

    private string Prelude => $"set -e\niptables() {{ iptables-{_tools} \"$@\"; }}\niptables_restore() {{ iptables-{_tools}-restore \"$@\"; }}\n";

    private string RestoreFile { get; } = Path.GetTempFileName();

    private static string Text(Table table)
    {
        StringBuilder text = new($"*{table.Id.Name}\n");
        foreach (Chain chain in table.Chains)
        {
            text.Append($":{chain.Name} {(chain.IsBase ? chain.Policy == Policy.Drop ? "DROP" : "ACCEPT" : "-")} [0:0]\n");
        }

        foreach (Rule rule in table.Chains.SelectMany(chain => chain.Rules))
        {
            text.Append(rule.Text).Append('\n');
        }

        return text.Append("COMMIT\n").ToString();
    }
}
