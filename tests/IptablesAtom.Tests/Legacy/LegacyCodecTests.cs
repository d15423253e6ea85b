using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Legacy;

public sealed class LegacyCodecTests
{
    [Fact]
    public void EncodesWhatItDecodedByteForByte()
    {
        using TestNamespace here = new();
        Assert.InRange(here.Load(RuleLine.All()), 70, int.MaxValue);
        foreach ((string name, XtablesBlob blob) in here.Namespace.Blobs())
        {
            Table table = here.Namespace.LegacyTables().Single(item => $"{item.Id.Family} {item.Id.Name}" == name);
            Assert.True(LegacyEncoder.Encode(table, here.Namespace.SetIndex).SameAs(blob), name);
        }
    }

    [Fact]
    public void CopiesToAnotherNamespaceWithOtherSetIndexes()
    {
        using TestNamespace from = new();
        using TestNamespace to = new();
        from.Load(RuleLine.All());
        from.Sh("iptables-legacy -P FORWARD DROP; ip6tables-legacy -P INPUT DROP; arptables-legacy -P OUTPUT DROP; iptables-legacy -I FORWARD -c 7 700 -j user");
        to.Sh("ipset create first hash:net; ipset create hosts6 hash:ip family inet6 timeout 0 counters; ipset create hosts hash:ip timeout 0 counters");
        IReadOnlyList<Table> tables = from.Namespace.LegacyTables();
        Assert.NotEqual(from.Namespace.SetIndex("hosts"), to.Namespace.SetIndex("hosts"));

        LegacySeed.Write(tables, to.Namespace, to.Namespace.SetIndex);

        to.Sh("ipset destroy first");
        Assert.Equal(from.Dump(), to.Dump());
        Assert.Equal(tables.Select(Keys), to.Namespace.LegacyTables().Select(Keys));
        Table filter = to.Namespace.LegacyTables().Single(table => table.Id == new TableId(Backend.Legacy, Family.Ipv4, "filter"));
        Assert.Equal(new Counter(7, 700), filter.Find("FORWARD")!.Rules[0].Counter);
        Assert.All(filter.Find("INPUT")!.Rules, rule => Assert.Equal(new Counter(0, 1), rule.Counter));

        static string Keys(Table table) =>
            $"{table.Id}: {string.Join(' ', table.Chains.Select(chain => $"{chain.Name} {chain.Policy} {string.Join(',', chain.Rules.Select(rule => rule.Key.Value))}"))}";
    }

    [Fact]
    public void ReadingMakesNoTable()
    {
        using TestNamespace here = new();
        Assert.Empty(here.Namespace.LegacyTables());
        here.Sh("iptables-legacy -t nat -S >/dev/null");
        Assert.Equal(["nat"], here.Namespace.LegacyTables().Select(table => table.Id.Name));
        Assert.True(here.Namespace.LegacyTables()[0].IsNeutral);
        Assert.Equal("nat\n", here.Sh("cat /proc/net/ip_tables_names"));
    }

    /// <summary>Chains in another order, moved rules and rules of two tables in one are the same to the kernel as if iptables had made them so.</summary>
    [Fact]
    public void BuildsWhatTheToolsWouldBuild()
    {
        using TestNamespace here = new();
        here.Sh("""
            for t in iptables ip6tables; do
              $t-legacy -N b; $t-legacy -N a; $t-legacy -A a -p udp; $t-legacy -A a; $t-legacy -A b -g a; $t-legacy -A INPUT -j b; $t-legacy -A INPUT
            done
            """);
        foreach (Table table in here.Namespace.LegacyTables())
        {
            Chain input = table.Find("INPUT")!;
            Table changed = table.With([.. table.Chains.Reverse().Select(chain => chain == input ? chain.With([.. input.Rules.Reverse(), .. table.Find("a")!.Rules]) : chain)]);
            LegacySeed.Write([changed], here.Namespace, here.Namespace.SetIndex);
        }

        string Expected(string tool) => here.Sh($"{tool}-legacy -S");
        const string Text = """
            -P INPUT ACCEPT
            -P FORWARD ACCEPT
            -P OUTPUT ACCEPT
            -N a
            -N b
            -A INPUT
            -A INPUT -j b
            -A INPUT -p udp
            -A INPUT
            -A a -p udp
            -A a
            -A b -g a

            """;
        Assert.Equal(Text, Expected("iptables"));
        Assert.Equal(Text, Expected("ip6tables"));
    }

    [Fact]
    public void RefusesAJumpToNowhere()
    {
        Table table = new()
        {
            Id = new TableId(Backend.Legacy, Family.Ipv4, "filter"),
            Chains = [new Chain { Name = "INPUT", Hook = new Hook(1, 0, "", ""), Rules = [LegacyEntry.Jump(XtablesLayout.Ipv4, "gone")] }],
        };
        LegacyTableException exception = Assert.Throws<LegacyTableException>(() => LegacyEncoder.Encode(table, _ => 0));
        Assert.Contains("\"gone\"", exception.Message, StringComparison.Ordinal);
    }
}
