using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Staging.Interception;
using Xunit;

namespace IptablesAtom.Tests.Interception;

public sealed class RuleOriginsTests
{
    private static readonly TableId Filter = new(Backend.Nft, Family.Ipv4, "filter");

    [Fact]
    public void FollowsTheRulesThroughTheirChain()
    {
        CallRecord[] calls =
        [
            Call(1, "iptables -A INPUT -s 10.0.0.1 -j ACCEPT"), // stands after the seed's rule
            Call(2, "iptables -A INPUT -s 10.0.0.2 -j ACCEPT"),
            Call(3, "iptables -I INPUT -s 10.0.0.3 -j ACCEPT"),
            Call(4, "iptables -w -I INPUT 2 -s 10.0.0.4 -j ACCEPT"),
            Call(5, "iptables -D INPUT -s 10.0.0.1 -j ACCEPT"),
            Call(6, "iptables -R INPUT 4 -s 10.0.0.6 -j ACCEPT"),
            Call(7, "iptables -A INPUT -s 10.0.0.7,10.0.0.8 -j ACCEPT"),
            Call(8, "iptables -A INPUT -s 10.0.0.9 -j NOPE", status: 2),
            Call(9, "iptables -N web"),
            Call(10, "iptables -A web -j RETURN"),
            Call(11, "iptables -E web www"),
            Call(12, "iptables -t nat -A OUTPUT -j ACCEPT"),
        ];
        Snapshot staged = Of(("INPUT", 6), ("www", 1));
        RuleOrigins.Assign(calls, Of(("INPUT", 1)), staged, Backend.Nft);
        Assert.Equal([3, 4, 0, 6, 7, 7], Lines(staged, "INPUT"));
        Assert.Equal([10], Lines(staged, "www"));
    }

    [Fact]
    public void SaysNothingWhereTheNumbersDiffer()
    {
        Snapshot staged = Of(("INPUT", 3));
        RuleOrigins.Assign([Call(1, "iptables -A INPUT -j ACCEPT"), Call(2, "iptables-restore -n")], Of(("INPUT", 0)), staged, Backend.Nft);
        Assert.Equal([0, 0, 0], Lines(staged, "INPUT"));
    }

    [Fact]
    public void FollowsTheTextOfARestore()
    {
        const string Script = "#!/bin/sh\niptables -A INPUT -s 10.0.0.1 -j DROP\niptables-restore -n <<-'E'\n\t*filter\n\t:web - [0:0]\n\t-A web -s 10.0.0.2 -j DROP\n\n"
            + "\t# more\n\t[1:2] -I INPUT -j web\n\tCOMMIT\n\tE\niptables -A INPUT -j DROP\n";
        IEnumerable<CallRecord> calls =
        [
            Call(2, "iptables -A INPUT -s 10.0.0.1 -j DROP"),
            .. RestoreText.Calls(Call(3, "iptables-restore -n"), Script),
            Call(12, "iptables -A INPUT -j DROP"),
        ];
        Snapshot staged = Of(("INPUT", 3), ("web", 1));
        RuleOrigins.Assign(calls, Of(("INPUT", 0)), staged, Backend.Nft);
        Assert.Equal([9, 2, 12], Lines(staged, "INPUT"));
        Assert.Equal([6], Lines(staged, "web"));
        Assert.Empty(RestoreText.Calls(Call(3, "iptables-restore --test"), Script));
        Assert.Empty(RestoreText.Calls(Call(2, "iptables-restore"), Script));
    }

    [Fact]
    public void FollowsTheFileOfARestoreWhichEmptiesItsTable()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "*filter\n:INPUT DROP [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n");
            CallRecord restore = Call(1, "iptables-restore");
            restore.InputFile = file;
            Snapshot staged = Of(("INPUT", 1));
            RuleOrigins.Assign(RestoreText.Calls(restore, ""), Of(("INPUT", 5)), staged, Backend.Nft);
            Origin origin = staged.Find(Filter)!.Find("INPUT")!.Rules[0].Origin!;
            Assert.Equal((file, 3), (origin.File, origin.Line));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int[] Lines(Snapshot snapshot, string chain) => [.. snapshot.Find(Filter)!.Find(chain)!.Rules.Select(rule => rule.Origin?.Line ?? 0)];

    private static CallRecord Call(int line, string words, int status = 0) => new(words.Split(' '), "fw.sh", line) { Status = status };

    private static Snapshot Of(params (string Chain, int Rules)[] chains) => new()
    {
        Sets = [],
        Tables =
        [
            new Table
            {
                Id = Filter,
                Chains = [.. chains.Select(chain => new Chain
                {
                    Name = chain.Chain,
                    Rules = [.. Enumerable.Range(0, chain.Rules).Select(_ => new Rule { Raw = [], Key = default })],
                })],
            },
        ],
    };
}
