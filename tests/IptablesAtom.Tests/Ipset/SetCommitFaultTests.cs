using System.Globalization;
using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Ipset;

public sealed class SetCommitFaultTests
{
    private const string Live =
        """
        ipset create ip hash:ip; ipset add ip 10.0.0.1; ipset create retyped hash:ip; ipset add retyped 10.0.0.2; ipset create gone hash:ip; ipset add gone 10.0.0.3
        ipset create list list:set; ipset add list gone; ipset add list retyped; ipset add list ip; ipset create other list:set; ipset add other retyped; ipset add other ip
        """;

    private const string Staged =
        """
        ipset create ip hash:ip; ipset add ip 10.1.0.1; ipset create retyped hash:net; ipset add retyped 10.2.0.0/16; ipset create new hash:ip; ipset add new 10.1.0.3
        ipset create list list:set; ipset add list new; ipset add list ip; ipset add list retyped; ipset create other list:set; ipset add other retyped; ipset add other ip
        """;

    [Fact]
    public void AFailureAtAnyStepBeforeTheEndLeavesLiveAsItWas()
    {
        List<string> steps = [];
        using (SetScene scene = new(Live, Staged))
        {
            using SetCommit commit = scene.Commit(["list", "ip"], rulesChange: true, steps.Add);
            Run(commit);
            Assert.Empty(commit.Reconcile());
            Assert.Empty(commit.Finish());
            Assert.Equal(scene.StagedSave, scene.LiveSave);
        }

        int exchanges = steps.FindIndex(step => step.StartsWith("carry", StringComparison.Ordinal));
        Assert.InRange(exchanges, 8, steps.Count - 1);
        foreach (string failing in steps[..exchanges].Append("end"))
        {
            using SetScene scene = new(Live, Staged);
            string before = SampleSets.Save(scene.Live);
            string order = scene.Live.Sh("ipset save list; ipset save other");
            bool failed = false;
            string trace = "";
            void Step(string name)
            {
                // The run's number is part of temporary names.
                trace = name;
                if (!failed && Anonymous(name) == Anonymous(failing))
                {
                    failed = true;
                    throw new IOException("injected");
                }
            }

            using SetCommit commit = scene.Commit(["list", "ip"], rulesChange: true, Step);
            try
            {
                Run(commit);
                Step("end");
                Assert.Fail($"not reached: {failing} (last: {trace})");
            }
            catch (IOException)
            {
                Assert.Empty(commit.Revert());
            }

            Assert.Equal(before, SampleSets.Save(scene.Live));
            Assert.Equal(order, scene.Live.Sh("ipset save list; ipset save other"));
        }
    }

    [Fact]
    public void WhatTheKernelDoesNotTakeIsFoundWhilePreparing()
    {
        using SetScene scene = new("ipset create a hash:ip; ipset create s hash:ip maxelem 3; ipset add s 10.0.0.1", "true");
        string before = SampleSets.Save(scene.Live);
        IReadOnlyList<IpSet> live = IpSetSnapshot.Read(scene.Live.Namespace);
        IpSet set = live.Single(candidate => candidate.Name == "s");
        using TestNamespace sample = new();
        sample.Sh("ipset create e hash:ip; ipset add e 10.1.0.0/29");
        IpSetBuilder overfull = IpSetBuilder.Like(set);
        foreach (IpSetEntry entry in IpSetEntries.Of(IpSetSnapshot.Read(sample.Namespace)[0]))
        {
            overfull.Add(entry);
        }

        using SetCommit commit = new(scene.Live.Namespace, [new("new", null, Named(live[0], "new")), new("s", set, overfull.Build())], live, new HashSet<string>(), false);
        Assert.Equal(IpsetError.Full, Assert.Throws<IpsetException>(commit.Prepare).Error);
        Assert.Empty(commit.Revert());
        Assert.Equal(before, SampleSets.Save(scene.Live));
    }

    [Fact]
    public void ALongListingOfASetByOthersEndsTheCommitWithoutAnyChange()
    {
        using SetScene scene = new(
            "ipset create big hash:ip; ipset add big 10.0.0.0/18; ipset create small hash:ip; ipset add small 10.0.0.1",
            "ipset create big hash:ip; ipset add big 10.1.0.0/18; ipset create small hash:ip; ipset add small 10.0.0.2");
        string before = SampleSets.Save(scene.Live);
        using SetCommit commit = scene.Commit(["big", "small"], rulesChange: false);
        commit.Prepare();
        using (NetlinkSocket reader = NetlinkSocket.Open(scene.Live.Namespace, NetlinkProtocol.Netfilter))
        {
            using MessageWriter request = new();
            IpsetBatch.Begin(request, IpsetCommand.List, 0, NetlinkFlags.Dump, reader.NextSequence());
            request.PutString(IpsetAttribute.SetName, "big");
            request.EndMessage();
            reader.Send(request); // and never reads the answer

            IpsetException refusal = Assert.Throws<IpsetException>(commit.Apply);
            Assert.Equal(IpsetError.BeingListed, refusal.Error);
            Assert.StartsWith("ipset swap big iptatom-", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Empty(commit.Revert());
        Assert.Equal(before, SampleSets.Save(scene.Live));
    }

    [Theory]
    [InlineData("hash:ip")]
    [InlineData("hash:net")]
    public void AWriterLosesNoEntryDuringThirtyCommits(string otherType)
    {
        using SetScene scene = new("ipset create s hash:ip; ipset add s 10.255.0.1; iptables-legacy -A OUTPUT -m set --match-set s dst -j DROP", "true");
        using IpsetSocket writer = IpsetSocket.Open(scene.Live.Namespace);
        IpSet[] kinds = [Kind(otherType), Kind("hash:ip")];
        List<byte[]> entries = [];
        using (TestNamespace sample = new())
        {
            sample.Sh("ipset create e hash:ip; ipset add e 10.0.0.0/18");
            foreach (IpSetEntry entry in IpSetEntries.Of(IpSetSnapshot.Read(sample.Namespace)[0]))
            {
                entries.Add(entry.Whole.ToArray());
            }
        }

        int written = 0;
        bool ends = false;
        List<string> refusals = [];
        Thread thread = new(() =>
        {
            for (int i = 0; i < entries.Count && !Volatile.Read(ref ends); i++)
            {
                try
                {
                    writer.Add("s", [entries[i]]);
                    written++;
                }
                catch (IpsetException refusal)
                {
                    refusals.Add(refusal.Message);
                }

                Thread.Sleep(TimeSpan.FromMilliseconds(0.5));
            }
        });
        thread.Start();
        try
        {
            for (int dance = 0; dance < 30; dance++)
            {
                Dance(scene, kinds[dance % 2]);
            }
        }
        finally
        {
            Volatile.Write(ref ends, true);
            thread.Join();
        }

        Assert.InRange(written, 100, entries.Count);
        Assert.True(refusals.Count <= written / 20, string.Join('\n', refusals.Take(3)));
        Assert.Equal(written, int.Parse(scene.Live.Sh("ipset save s | grep -c '^add s 10\\.0\\.'"), CultureInfo.InvariantCulture));
        Assert.Equal("s", scene.Live.Sh("ipset list -n").TrimEnd());
    }

    /// <summary>One commit that puts the set's own entries, as they are now, into a new set of a type and turns the rule to it.</summary>
    private static void Dance(SetScene scene, IpSet kind)
    {
        IReadOnlyList<IpSet> live = IpSetSnapshot.Read(scene.Live.Namespace);
        IpSetBuilder desired = IpSetBuilder.Like(kind);
        foreach (IpSetEntry entry in IpSetEntries.Of(live[0]))
        {
            desired.Add(entry);
        }

        using TestNamespace staging = new();
        SetCommit.Seed([desired.Build()], staging.Namespace);
        SetChange change = new("s", live[0], IpSetSnapshot.Read(staging.Namespace)[0]);
        using SetCommit commit = new(scene.Live.Namespace, [change], live, new HashSet<string> { "s" }, rulesChange: true);
        const string rule = "-A OUTPUT -m set --match-set s dst -j DROP";
        commit.Prepare();
        scene.Load("iptables-legacy", rule, commit.FlipIndex);
        commit.Apply();
        scene.Load("iptables-legacy", rule, commit.FinalIndex);
        Assert.Empty(commit.Reconcile());
        Assert.Empty(commit.Finish());
    }

    private static IpSet Kind(string typeName)
    {
        using TestNamespace sample = new();
        sample.Sh($"ipset create s {typeName}");
        return IpSetSnapshot.Read(sample.Namespace)[0];
    }

    private static IpSet Named(IpSet set, string name) => new IpSetBuilder(name, set.TypeName, set.Revision, set.Family, set.CreateData).Build();

    private static void Run(SetCommit commit)
    {
        commit.Prepare();
        commit.Swap();
        commit.Rename();
    }

    private static string Anonymous(string step) => System.Text.RegularExpressions.Regex.Replace(step, "iptatom-[0-9a-f]{8}", "");
}
