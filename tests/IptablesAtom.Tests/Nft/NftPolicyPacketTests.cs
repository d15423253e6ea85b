using System.Globalization;
using IptablesAtom.Committing;
using IptablesAtom.Load;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

/// <summary>Policies and rules change together, under packets: none meets new rules with the old policy, or old rules with the new one.</summary>
public sealed class NftPolicyPacketTests
{
    private static readonly PacketClass[] Classes =
    [
        .. PacketClass.Both("open", 2000, Expectation.Accepted),
        .. PacketClass.Both("shut", 1000, Expectation.Dropped),
        .. PacketClass.Both("forwarded", 2000, Expectation.Accepted, Destination.Server),
        .. PacketClass.Both("not forwarded", 1000, Expectation.Dropped, Destination.Server),
    ];

    private static int Flips => int.TryParse(Environment.GetEnvironmentVariable("ATOM_TEST_FLIPS"), CultureInfo.InvariantCulture, out int flips) ? flips : 12;

    /// <summary>Both ways between {DROP, one accepted} and {ACCEPT, one dropped}, behind rules that match nothing.</summary>
    /// <param name="drop">The last rule of the one.</param>
    /// <param name="accept">The last rules of the other.</param>
    /// <param name="guard">True if the first has a native table too, with policy DROP, which is made and taken away each time.</param>
    [Theory]
    [InlineData("-p udp --dport 2000 -j ACCEPT", "-p udp --dport 1000 -j DROP", false)]
    [InlineData("-p udp ! --dport 2000 -j RETURN\n-A {0} -j ACCEPT", "-p udp --dport 2000 -g leave\n-A {0} -j DROP", false)]
    [InlineData("-p udp --dport 1000 -g leave\n-A {0} -p udp -j ACCEPT", "-p udp --dport 2000 -j RETURN\n-A {0} -p udp -j DROP", true)]
    public void NoPacketMeetsTheWrongPolicy(string drop, string accept, bool guard)
    {
        using LoadNetwork network = new();
        using TestNamespace drops = new();
        using TestNamespace accepts = new();
        Load(drops, "DROP", drop);
        Load(accepts, "ACCEPT", accept);
        if (guard)
        {
            drops.Sh("""
                nft -f - <<'END'
                table inet guard {
                  chain input { type filter hook input priority 10; policy drop; udp dport 2000 accept; }
                  chain forward { type filter hook forward priority -10; policy drop; udp dport 1000 return; accept; }
                }
                END
                """);
        }

        Snapshot[] wanted = [NftTestPlan.Read(drops), NftTestPlan.Read(accepts)];
        Commit(network, wanted[0]);
        using PacketLoad load = PacketLoad.Start(network, Classes);
        Thread.Sleep(100);
        for (int flip = 1; flip <= Flips; flip++)
        {
            Commit(network, wanted[flip % 2]);
        }

        Thread.Sleep(100);
        LoadResult result = load.Stop();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Flips} flips, {result}");
        Assert.True(result is { WronglyAccepted: 0, WronglyDropped: 0 }, result.ToString());
        Assert.All(result.Classes, kind => Assert.True(kind.Sent > 100));
    }

    private static void Commit(LoadNetwork network, Snapshot wanted)
    {
        NftSnapshot read = NftSnapshot.Read(network.Firewall);
        Snapshot now = new() { Generation = read.Generation, Tables = read.Tables, Sets = [] };
        List<TableChange> changes = NftTestPlan.Changes(now, wanted);
        changes.AddRange(now.Tables.Where(table => wanted.Find(table.Id) is null).Select(table => new TableChange(table.Id, table, null)));
        using NftCommit commit = new(network.Firewall, now, changes, static _ => 0);
        commit.Prepare();
        commit.Apply();
        commit.Finish();
    }

    private static void Load(TestNamespace target, string policy, string last)
    {
        const string Filler = "for i in $(seq 500); do echo \"-A $chain -p tcp --dport $i -j ACCEPT\"; done";
        string input = string.Format(CultureInfo.InvariantCulture, last, "INPUT");
        string forward = string.Format(CultureInfo.InvariantCulture, last, "FORWARD");
        target.Sh($"""
            for t in iptables-nft ip6tables-nft; do
            (echo '*filter'; echo ':INPUT {policy} [0:0]'; echo ':FORWARD {policy} [0:0]'; echo ':OUTPUT ACCEPT [0:0]'; echo ':leave - [0:0]'
            chain=INPUT; {Filler}
            cat <<'END'
            -A INPUT {input}
            END
            chain=FORWARD; {Filler}
            cat <<'END'
            -A FORWARD {forward}
            COMMIT
            END
            ) | $t-restore || exit 1
            done
            """);
    }
}
