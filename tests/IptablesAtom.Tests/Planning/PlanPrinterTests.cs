using System.Text.Json;
using IptablesAtom.Cli.Rendering;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using Xunit;

namespace IptablesAtom.Tests.Planning;

public sealed class PlanPrinterTests
{
    [Fact]
    public void TextIsInTheWordsOfTheTools()
    {
        Plan plan = Example();
        Assert.Equal(
            """
            nft inet mine
            + table inet mine
            + chain inet mine INPUT DROP
            + chain inet mine FORWARD ACCEPT
            + rule inet mine INPUT tcp dport 22 accept

            iptables filter
            ~ :INPUT ACCEPT -> DROP
            + :LOGDROP -
            - -A INPUT -p tcp --dport 23 -j ACCEPT
            + -A INPUT -i lo -j ACCEPT  # fw.sh:3
            ~ -A INPUT -p tcp --dport 22 -j ACCEPT  (moved, now number 3)
            + -A LOGDROP -j DROP  # fw.sh:7
            - -A OLD -j RETURN
            - :OLD -

            kept: 14 rules and 3 chains of Docker, 1 rule of others
            3 rules to add, 2 to remove, 1 moved in 2 tables; 2 policies to set

            """,
            Text(plan, colour: false));
    }

    [Fact]
    public void ColourIsOnlyAround()
    {
        string plain = Text(Example(), colour: false);
        string coloured = Text(Example(), colour: true);
        Assert.Contains("\u001b[32m+ -A INPUT -i lo", coloured, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\u001b\\[[0-9]+m", ""));
    }

    [Fact]
    public void AnEmptyPlanSaysSo()
    {
        FakeRun run = new(new FakeKernel(FakeKernel.Filter));
        Assert.Equal("nothing to change\n", Text(run.Plan(_ => { }), colour: false));
    }

    [Fact]
    public void AfterTheCommitItIsDone() => Assert.Equal(
        "3 rules added, 2 removed, 1 moved in 2 tables; 2 policies set", PlanSummary.Of(PlanDiff.Of(Example()), isDone: true));

    [Fact]
    public void JsonTellsTheSame()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        new PlanPrinter(writer).WriteJson(new AtomicResult(Example(), "because"));
        using JsonDocument json = JsonDocument.Parse(writer.ToString());
        JsonElement root = json.RootElement;
        Assert.Equal("iptables-atom/plan/1", root.GetProperty("schema").GetString());
        Assert.True(root.GetProperty("changes").GetBoolean());
        Assert.Equal("because", root.GetProperty("seed").GetString());
        Assert.Equal(3, root.GetProperty("summary").GetProperty("rulesToAdd").GetInt32());
        JsonElement input = root.GetProperty("tables")[1].GetProperty("chains").EnumerateArray().Single(chain => chain.GetProperty("chain").GetString() == "INPUT");
        Assert.Equal("DROP", input.GetProperty("policy").GetProperty("new").GetString());
        JsonElement rule = input.GetProperty("rules")[1];
        Assert.Equal("-A INPUT -i lo -j ACCEPT", rule.GetProperty("rule").GetString());
        Assert.Equal(3, rule.GetProperty("origin").GetProperty("line").GetInt32());
        Assert.Equal("Docker", root.GetProperty("kept")[1].GetProperty("program").GetString());
    }

    private static string Text(Plan plan, bool colour)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        new PlanPrinter(writer, colour).WriteText(plan);
        return writer.ToString();
    }

    private static Plan Example()
    {
        TableId native = new(Backend.Nft, Family.Inet, "mine");
        FakeKernel live = new(FakeKernel.Filter);
        live.NewChain(FakeKernel.Filter, "OLD");
        live.Append(FakeKernel.Filter, "INPUT", "-A INPUT -p tcp --dport 22 -j ACCEPT");
        live.Append(FakeKernel.Filter, "INPUT", "-A INPUT -p tcp --dport 23 -j ACCEPT");
        live.Append(FakeKernel.Filter, "INPUT", "-A INPUT -p tcp --dport 24 -j ACCEPT");
        live.Append(FakeKernel.Filter, "OLD", "-A OLD -j RETURN");
        Plan plan = new FakeRun(live).Plan(kernel =>
        {
            kernel.FlushAll(FakeKernel.Filter);
            kernel.NewChain(FakeKernel.Filter, "LOGDROP");
            kernel.SetPolicy(FakeKernel.Filter, "INPUT", Policy.Drop);
            kernel.Append(FakeKernel.Filter, "INPUT", "-A INPUT -i lo -j ACCEPT");
            kernel.Append(FakeKernel.Filter, "INPUT", "-A INPUT -p tcp --dport 24 -j ACCEPT");
            kernel.Append(FakeKernel.Filter, "INPUT", "-A INPUT -p tcp --dport 22 -j ACCEPT");
            kernel.Append(FakeKernel.Filter, "LOGDROP", "-A LOGDROP -j DROP");
            kernel.Find(FakeKernel.Filter, "INPUT")!.Rules[0].Origin = new Origin("fw.sh", 3, ["-A", "INPUT"]);
            kernel.Find(FakeKernel.Filter, "LOGDROP")!.Rules[0].Origin = new Origin("fw.sh", 7, []);
            kernel.Create(native);
            kernel.SetPolicy(native, "INPUT", Policy.Drop);
            kernel.Append(native, "INPUT", "tcp dport 22 accept");
        });
        return new Plan
        {
            Live = plan.Live,
            Tables = plan.Tables,
            Sets = plan.Sets,
            NextBase = plan.NextBase,
            Kept = [new KeptForeign("", 1, 0), new KeptForeign("Docker", 14, 3)],
        };
    }
}
