using IptablesAtom.Model;
using IptablesAtom.Planning;
using Xunit;

namespace IptablesAtom.Tests.Planning;

public sealed class PlannerTests
{
    public static TheoryData<Backend> Backends => [Backend.Nft, Backend.Legacy];

    [Theory, MemberData(nameof(Backends))]
    public void FirstRunReplacesHandMadeRulesAndKeepsDocker(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(WithDocker(filter));
        Plan plan = run.Run(kernel =>
        {
            kernel.FlushAll(filter);
            kernel.Append(filter, "INPUT", "-p tcp --dport 443 -j ACCEPT");
            kernel.Append(filter, "FORWARD", "-i eth1 -j ACCEPT");
            kernel.SetPolicy(filter, "INPUT", Policy.Drop);
        });
        Assert.Equal(["-p tcp --dport 443 -j ACCEPT"], run.Live.Texts(filter, "INPUT"));
        Assert.Equal(
            ["-j DOCKER-USER", "-o docker0 -j DOCKER", "-i docker0 ! -o docker0 -j ACCEPT", "-i eth1 -j ACCEPT"], run.Live.Texts(filter, "FORWARD"));
        Assert.Equal(["-d 172.17.0.2/32 -j ACCEPT"], run.Live.Texts(filter, "DOCKER"));
        Assert.Equal(["-j RETURN"], run.Live.Texts(filter, "DOCKER-USER"));
        Assert.Equal(Policy.Drop, run.Live.Find(filter, "INPUT")!.Policy);
        Assert.Equal([new KeptForeign("Docker", 5, 2)], plan.Kept);
    }

    [Theory, MemberData(nameof(Backends))]
    public void FirstRunOfAnIncrementalScriptCostsNoRule(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(WithDocker(filter));
        void Script(FakeKernel kernel)
        {
            kernel.Append(filter, "INPUT", "-i tun0 -j ACCEPT");
            kernel.Insert(filter, "FORWARD", 0, "-i tun0 -j ACCEPT");
        }

        run.Run(Script);
        string[] input = ["-p tcp --dport 22 -j ACCEPT", "-i tun0 -j ACCEPT"];
        Assert.Equal(input, run.Live.Texts(filter, "INPUT"));
        Assert.Equal("-i tun0 -j ACCEPT", run.Live.Texts(filter, "FORWARD")[0]);
        Assert.True(run.Run(Script).IsEmpty);
        Assert.Equal(input, run.Live.Texts(filter, "INPUT"));
    }

    [Theory, MemberData(nameof(Backends))]
    public void WhatTheScriptDroppedGoesAndWhatOthersAddedStays(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(new FakeKernel(filter));
        run.Run(Script("-s 1.0.0.0/8 -j DROP", "-s 2.0.0.0/8 -j DROP", "-s 3.0.0.0/8 -j DROP"));
        run.Live.Insert(filter, "INPUT", 2, "-s 9.9.9.9 -j DROP");
        run.Live.Append(filter, "INPUT", "-j LOG");
        run.Run(Script("-s 1.0.0.0/8 -j DROP", "-s 3.0.0.0/8 -j DROP", "-s 4.0.0.0/8 -j DROP"));
        Assert.Equal(
            ["-s 1.0.0.0/8 -j DROP", "-s 9.9.9.9 -j DROP", "-s 3.0.0.0/8 -j DROP", "-j LOG", "-s 4.0.0.0/8 -j DROP"],
            run.Live.Texts(filter, "INPUT"));
        run.Run(Script());
        Assert.Equal(["-s 9.9.9.9 -j DROP", "-j LOG"], run.Live.Texts(filter, "INPUT"));

        Action<FakeKernel> Script(params string[] rules) => kernel =>
        {
            kernel.FlushAll(filter);
            foreach (string rule in rules)
            {
                kernel.Append(filter, "INPUT", rule);
            }
        };
    }

    [Theory, MemberData(nameof(Backends))]
    public void OneSourceDoesNotTakeAwayAnothersRules(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(new FakeKernel(filter));
        void Firewall(FakeKernel kernel)
        {
            kernel.FlushAll(filter);
            kernel.Append(filter, "INPUT", "-i lo -j ACCEPT");
        }

        void Vpn(FakeKernel kernel) => kernel.Append(filter, "INPUT", "-i tun0 -j ACCEPT");
        run.Run(Firewall, "/firewall");
        run.Run(Vpn, "/vpn");
        Assert.True(run.Run(Vpn, "/vpn").IsEmpty);
        Assert.Equal(["-i lo -j ACCEPT", "-i tun0 -j ACCEPT"], run.Live.Texts(filter, "INPUT"));
        Assert.Equal(["/firewall", "/vpn"], run.Base.Sources);

        // As run directly: the firewall script flushes what is of a source. Nothing is left of /vpn, so it is forgotten.
        run.Run(Firewall, "/firewall");
        Assert.Equal(["-i lo -j ACCEPT"], run.Live.Texts(filter, "INPUT"));
        Assert.Equal(["/firewall"], run.Base.Sources);
    }

    [Theory, MemberData(nameof(Backends))]
    public void AForeignRuleThatTheScriptDeletesGoes(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(WithDocker(filter)) { Options = new MergeOptions { Adopt = true } };
        run.Run(kernel => kernel.Remove(filter, "FORWARD", "-o docker0 -j DOCKER"));
        Assert.Equal(["-j DOCKER-USER", "-i docker0 ! -o docker0 -j ACCEPT"], run.Live.Texts(filter, "FORWARD"));
    }

    [Theory, MemberData(nameof(Backends))]
    public void OptionsDecideWhatIsForeign(Backend backend)
    {
        TableId filter = Filter(backend);
        void Flush(FakeKernel kernel)
        {
            kernel.FlushAll(filter);
            kernel.Append(filter, "INPUT", "-i lo -j ACCEPT");
        }

        FakeRun adopt = new(WithDocker(filter)) { Options = new MergeOptions { Adopt = true } };
        adopt.Run(Flush);
        Assert.Equal(["-p tcp --dport 22 -j ACCEPT", "-i lo -j ACCEPT"], adopt.Live.Texts(filter, "INPUT"));

        FakeRun replace = new(WithDocker(filter)) { Options = new MergeOptions { Replace = true } };
        replace.Run(Flush);
        Assert.Empty(replace.Live.Texts(filter, "FORWARD"));
        Assert.Null(replace.Live.Find(filter, "DOCKER"));

        FakeKernel live = WithDocker(filter);
        live.NewChain(filter, "mine-a");
        live.Append(filter, "INPUT", "-p udp -j mine-a");
        live.Append(filter, "mine-a", "-j DROP");
        FakeRun keep = new(live) { Options = new MergeOptions { Keep = ["mine-*"] } };
        keep.Run(Flush);
        Assert.Equal(["-i lo -j ACCEPT", "-p udp -j mine-a"], keep.Live.Texts(filter, "INPUT"));
        Assert.Equal(["-j DROP"], keep.Live.Texts(filter, "mine-a"));
    }

    [Theory, MemberData(nameof(Backends))]
    public void ChainOfOursThatAForeignRuleJumpsToStays(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(new FakeKernel(filter));
        run.Run(kernel =>
        {
            kernel.NewChain(filter, "mine");
            kernel.Append(filter, "mine", "-j DROP");
            kernel.Append(filter, "INPUT", "-p icmp -j mine");
        });
        run.Live.Append(filter, "FORWARD", "-p udp -j mine");
        run.Live.Append(filter, "mine", "-j LOG");
        run.Run(kernel => kernel.Append(filter, "INPUT", "-j ACCEPT"));
        Assert.Equal(["-j ACCEPT"], run.Live.Texts(filter, "INPUT"));
        Assert.Equal(["-p udp -j mine"], run.Live.Texts(filter, "FORWARD"));
        Assert.Equal(["-j LOG"], run.Live.Texts(filter, "mine"));
        run.Live.Remove(filter, "FORWARD", "-p udp -j mine");
        run.Live.Remove(filter, "mine", "-j LOG");
        run.Run(kernel => kernel.Append(filter, "INPUT", "-j ACCEPT"));
        Assert.Null(run.Live.Find(filter, "mine"));
    }

    [Theory, MemberData(nameof(Backends))]
    public void ATableThatTheScriptOnlyReadStays(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(WithDocker(filter));
        Plan plan = run.Run(_ => { });
        Assert.True(plan.IsEmpty);
        Assert.True(plan.NextBase.IsFirstRun);
    }

    [Theory, MemberData(nameof(Backends))]
    public void RebuildingWhatIsThereChangesNothingAndIsOurs(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeKernel live = new(filter);
        live.Append(filter, "INPUT", "-i lo -j ACCEPT");
        live.Append(filter, "INPUT", "-s 1.2.3.4 -j DROP");
        FakeRun run = new(live);
        void Script(FakeKernel kernel, params string[] rules)
        {
            kernel.FlushAll(filter);
            foreach (string rule in rules)
            {
                kernel.Append(filter, "INPUT", rule);
            }
        }

        Assert.True(run.Run(kernel => Script(kernel, "-i lo -j ACCEPT", "-s 1.2.3.4 -j DROP")).IsEmpty);
        run.Run(kernel => Script(kernel, "-i lo -j ACCEPT"));
        Assert.Equal(["-i lo -j ACCEPT"], run.Live.Texts(filter, "INPUT"));
    }

    [Theory, MemberData(nameof(Backends))]
    public void ThePolicyGoesBackWhenTheScriptNoLongerSetsIt(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(new FakeKernel(filter));
        run.Run(kernel => kernel.SetPolicy(filter, "INPUT", Policy.Drop));
        Assert.Equal(Policy.Drop, run.Live.Find(filter, "INPUT")!.Policy);
        Assert.True(run.Run(kernel => kernel.SetPolicy(filter, "INPUT", Policy.Drop)).IsEmpty);
        run.Run(_ => { });
        Assert.Equal(Policy.Accept, run.Live.Find(filter, "INPUT")!.Policy);
    }

    [Theory, MemberData(nameof(Backends))]
    public void WhatOthersDoWhileTheScriptRunsIsKept(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeKernel live = WithDocker(filter);
        FakeRun run = new(live);
        run.Run(
            kernel => kernel.Append(filter, "INPUT", "-i lo -j ACCEPT"),
            meanwhile: () =>
            {
                live.Remove(filter, "DOCKER", "-d 172.17.0.2/32 -j ACCEPT");
                live.Append(filter, "DOCKER", "-d 172.17.0.3/32 -j ACCEPT");
                live.Insert(filter, "INPUT", 0, "-s 6.6.6.6 -j DROP");
            });
        Assert.Equal(["-d 172.17.0.3/32 -j ACCEPT"], live.Texts(filter, "DOCKER"));
        Assert.Equal(["-s 6.6.6.6 -j DROP", "-p tcp --dport 22 -j ACCEPT", "-i lo -j ACCEPT"], live.Texts(filter, "INPUT"));
    }

    [Theory, MemberData(nameof(Backends))]
    public void WhatAScriptCopiedByWritingAllAnewIsNotTakenForItsOwn(Backend backend)
    {
        TableId filter = Filter(backend);
        FakeRun run = new(WithDocker(filter));
        void SaveAndRestore(FakeKernel kernel)
        {
            Chain[] chains = [.. kernel.Read().Find(filter)!.Chains];
            kernel.FlushAll(filter);
            foreach (Chain chain in chains)
            {
                kernel.NewChain(filter, chain.Name);
            }

            foreach (Chain chain in chains)
            {
                foreach (Rule rule in chain.Rules)
                {
                    kernel.Append(filter, chain.Name, rule.Text!);
                }
            }

            kernel.Append(filter, "INPUT", "-i tun0 -j ACCEPT");
        }

        run.RebuildsSeed = true;
        run.Run(SaveAndRestore);
        string[] input = ["-p tcp --dport 22 -j ACCEPT", "-i tun0 -j ACCEPT"];
        Assert.Equal(input, run.Live.Texts(filter, "INPUT"));
        Assert.True(run.Run(SaveAndRestore).IsEmpty);
        Assert.Equal(input, run.Live.Texts(filter, "INPUT"));
        Assert.Equal(3, run.Live.Texts(filter, "FORWARD").Count);
        run.RebuildsSeed = false;
        run.Run(_ => { });
        Assert.Equal(input[..1], run.Live.Texts(filter, "INPUT"));
    }

    [Fact]
    public void CallsTellWhetherRulesMayHaveBeenCopied()
    {
        static bool Possible(params string[] calls) => SeedRebuild.IsPossible(calls.Select(call => call.Split(' ')));
        Assert.True(Possible("iptables-save", "/sbin/iptables-restore -n"));
        Assert.True(Possible("iptables -S INPUT", "iptables-nft-restore"));
        Assert.True(Possible("iptables -A INPUT -j DROP", "iptables -nvLZ"));
        Assert.True(Possible("iptables --zero"));
        Assert.False(Possible("iptables -F", "iptables -Z"));
        Assert.False(Possible("iptables-restore rules"));
        Assert.False(Possible("iptables -A INPUT -m comment --comment -Zone-SF-1 -j DROP", "iptables -L -n"));
    }

    [Fact]
    public void FromEmptyTheScriptsTableReplacesOurs()
    {
        TableId filter = FakeKernel.Filter;
        FakeRun run = new(WithDocker(filter)) { From = SeedFrom.Empty };
        void Script(FakeKernel kernel)
        {
            kernel.Create(filter);
            kernel.Append(filter, "INPUT", "-i lo -j ACCEPT");
        }

        run.Run(Script);
        Assert.Equal(["-i lo -j ACCEPT"], run.Live.Texts(filter, "INPUT"));
        Assert.Equal(3, run.Live.Texts(filter, "FORWARD").Count);
        Assert.True(run.Run(Script).IsEmpty);
        run.Run(_ => { });
        Assert.Empty(run.Live.Texts(filter, "INPUT"));
        Assert.Equal(3, run.Live.Texts(filter, "FORWARD").Count);
    }

    [Fact]
    public void NativeTablesOfOthersSurviveAFlushOfTheRuleset()
    {
        TableId mine = new(Backend.Nft, Family.Inet, "mine");
        TableId other = new(Backend.Nft, Family.Inet, "other");
        FakeRun run = new(new FakeKernel(FakeKernel.Filter));
        void Script(FakeKernel kernel)
        {
            foreach (Table table in kernel.Read().Tables)
            {
                kernel.Delete(table.Id);
            }

            kernel.Create(mine);
            kernel.Append(mine, "INPUT", "tcp dport 22 accept");
        }

        run.Run(Script);
        run.Live.Create(other);
        run.Live.Append(other, "INPUT", "drop");
        Assert.True(run.Run(Script).IsEmpty);
        Assert.Equal(["drop"], run.Live.Texts(other, "INPUT"));

        // A table deleted while others stay was meant.
        run.Run(kernel => kernel.Delete(other), "/cleanup");
        Assert.Null(run.Live.Read().Find(other));
        run.Run(_ => { });
        Assert.Null(run.Live.Read().Find(mine));
    }

    [Fact]
    public void TablesThatDoNothingAreNoChangeByThemselves()
    {
        TableId nat = new(Backend.Nft, Family.Ipv4, "nat");
        FakeRun run = new(new FakeKernel(FakeKernel.Filter));
        Assert.True(run.Plan(kernel => kernel.Create(nat)).IsEmpty);
        Plan plan = run.Plan(kernel =>
        {
            kernel.Create(nat);
            kernel.Append(FakeKernel.Filter, "INPUT", "-j DROP");
        });
        Assert.Equal([FakeKernel.Filter, nat], plan.Tables.Select(table => table.Id));
    }

    private static TableId Filter(Backend backend) => backend == Backend.Nft ? FakeKernel.Filter : FakeKernel.LegacyFilter;

    private static FakeKernel WithDocker(TableId filter)
    {
        FakeKernel live = new(filter);
        live.Append(filter, "INPUT", "-p tcp --dport 22 -j ACCEPT");
        live.NewChain(filter, "DOCKER");
        live.NewChain(filter, "DOCKER-USER");
        live.Append(filter, "DOCKER-USER", "-j RETURN");
        live.Append(filter, "DOCKER", "-d 172.17.0.2/32 -j ACCEPT");
        live.Append(filter, "FORWARD", "-j DOCKER-USER");
        live.Append(filter, "FORWARD", "-o docker0 -j DOCKER");
        live.Append(filter, "FORWARD", "-i docker0 ! -o docker0 -j ACCEPT");
        return live;
    }
}
