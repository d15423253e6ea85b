using System.Globalization;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Sources;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Sysctls;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Staging;

/// <summary>Live is the machine's own namespace where it is only read, and a test's own where something is set.</summary>
public sealed class SysctlTests
{
    [Fact]
    public void WhatTheScriptSetsIsKnownInOrderAndTheHostKeepsItsOwn()
    {
        string before = Host();
        (ScriptResult result, IReadOnlyList<SysctlChange> changes) = Run(
            """
            set -e
            sysctl -qw net.ipv4.ip_forward=1
            sysctl -qw vm.swappiness=17
            sysctl -qw net.core.default_qdisc=fq
            echo 3333 > /proc/sys/net/netfilter/nf_conntrack_max
            [ $(cat /proc/sys/net/nf_conntrack_max) = 3333 ]
            sysctl -qw kernel.panic=5
            sysctl -qw vm.swappiness=18
            echo 1 > /proc/sys/net/ipv4/conf/lo/rp_filter
            [ $(sysctl -n vm.swappiness) = 18 ]
            [ $(sysctl -n net.ipv4.ip_forward) = 1 ]
            """);
        Assert.Equal(0, result.Status.Code);
        Assert.Equal(
            ["net.ipv4.ip_forward = 1", "net.core.default_qdisc = fq", "net.netfilter.nf_conntrack_max = 3333", "kernel.panic = 5", "vm.swappiness = 18", "net.ipv4.conf.lo.rp_filter = 1"],
            changes.Select(change => change.ToString()));
        Assert.Equal(before, Host());
    }

    /// <summary>However it is written, it succeeds, reads back, is known, and the host keeps its own.</summary>
    [Theory]
    [InlineData("sysctl -w net.ipv4.ip_forward=1 >/dev/null", "net.ipv4.ip_forward", "1")]
    [InlineData("sysctl -q net/core/default_qdisc=fq", "net.core.default_qdisc", "fq")]
    [InlineData("echo 19 > /proc/sys/vm/swappiness", "vm.swappiness", "19")]
    [InlineData("echo 19 | tee /proc/sys/vm/swappiness >/dev/null", "vm.swappiness", "19")]
    [InlineData("printf 'kernel.panic = 7\\nnet.ipv4.tcp_rmem = 4096 100000 200000\\n' > $0.conf; sysctl -q -p $0.conf; rm $0.conf", "kernel.panic", "7")]
    [InlineData("printf '\\n# comment\\n; another\\nnet.netfilter.nf_conntrack_max=5555\\n' | sysctl -q -p -", "net.netfilter.nf_conntrack_max", "5555")]
    [InlineData("python3 -c 'open(\"/proc/sys/net/ipv4/conf/all/rp_filter\", \"w\").write(\"2\")'", "net.ipv4.conf.all.rp_filter", "2")]
    [InlineData("perl -e 'open F, \">/proc/sys/net/ipv4/tcp_syncookies\"; print F \"2\\n\"; close F'", "net.ipv4.tcp_syncookies", "2")]
    [InlineData("cat > /proc/sys/net/ipv4/ip_local_port_range <<END\n20000 30000\nEND\n", "net.ipv4.ip_local_port_range", "20000\t30000")]
    [InlineData("cd /proc/sys/net/ipv4/conf; for i in */accept_redirects; do echo 0 > $i; done; echo 1 > lo/log_martians", "net.ipv4.conf.lo.log_martians", "1")]
    [InlineData("sudo sysctl -qw kernel.panic=8", "kernel.panic", "8")]
    [InlineData("ip link add br7 type bridge; sysctl -qw net.ipv4.conf.br7.rp_filter=2 net.ipv4.tcp_ecn=1; [ $(cat /proc/sys/net/ipv4/conf/br7/rp_filter) = 2 ]", "net.ipv4.tcp_ecn", "1")]
    public void EveryWayOfSettingOneWorks(string write, string name, string value)
    {
        string before = Host();
        (ScriptResult result, IReadOnlyList<SysctlChange> changes) = Run($"set -e\n{write}\n[ \"$(sysctl -n {name})\" = \"{value}\" ]\n");
        Assert.Equal(0, result.Status.Code);
        Assert.Contains($"{name} = {value}", changes.Select(change => change.ToString()));
        Assert.Equal(before, Host());
    }

    [Fact]
    public void EveryWritableSysctlOfTheHostCanBeSetInStaging()
    {
        // Each is set to the value that it has; a trigger has none, and stable_secret refuses to be read.
        (ScriptResult result, _) = Run(
            """
            cd /proc/sys
            bad=0
            for file in $(find . -path ./fs/binfmt_misc -prune -o -xtype f -print | while read -r f; do [ $(stat -Lc %a "$f") -ge 600 ] && echo "$f"; done | grep -v -e /stable_secret -e '^./net/.*/\(neigh\|conf\)/'); do
                value=$(cat "$file") || { echo "$file cannot be read"; bad=1; }
                [ -z "$value" ] || printf '%s\n' "$value" > "$file" || bad=1
            done
            exit $bad
            """);
        Assert.Equal(0, result.Status.Code);
    }

    [Fact]
    public void StagingHasTheFilesOfTheHost()
    {
        const string List = "cd /proc/sys && find . -path ./fs/binfmt_misc -prune -o -xtype f -printf '%p\\n' | grep -v '/\\(conf\\|neigh\\)/' | LC_ALL=C sort";
        string file = Path.GetTempFileName();
        try
        {
            Run($"{List} > {file}");
            string[] host = Spawn.Capture(null, ["sh", "-c", List]).OutputText.Split('\n');
            string[] missing = [.. host.Except(File.ReadAllLines(file)).Where(line => line.Length > 0)];
            Assert.Empty(missing);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void SysctlListsTheSameNamesAsOnTheHost()
    {
        // In the same order too.
        const string List = "sysctl -aN 2>/dev/null | grep -v -e '\\.conf\\.' -e '\\.neigh\\.' -e binfmt_misc";
        string file = Path.GetTempFileName();
        try
        {
            Run($"{List} > {file}");
            Assert.Equal(Spawn.Capture(null, ["sh", "-c", List]).OutputText.Split('\n'), File.ReadAllText(file).Split('\n'));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void NamesChangeDotsAndSlashes()
    {
        Assert.Equal("net.ipv4.conf.eth0/10.rp_filter", new SysctlChange("net/ipv4/conf/eth0.10/rp_filter", "1").Name);
        Assert.Equal("kernel.panic", new SysctlChange("kernel/panic", "1").Name);
    }

    [Fact]
    public void ACommitSetsOnlyWhatDiffers()
    {
        using TestNamespace live = new();
        live.Sh("ip link add br0 type bridge; sysctl -qw net.ipv4.tcp_syncookies=1 net.ipv4.conf.br0.accept_redirects=1 net.ipv4.conf.br0.forwarding=0");
        SysctlCommit commit = SysctlCommit.Prepare(
            [
                new("net/ipv4/tcp_syncookies", "1"),
                new("net/ipv4/ip_forward", "1"),
                new("net/ipv4/tcp_rmem", "4096 100000 200000"),
                new("net/ipv4/conf/all/rp_filter", "2"),
                new("net/ipv4/route/flush", null),
                new("net/ipv4/no_such_file", "1"),
            ],
            live.Namespace);
        Assert.Equal(["net.ipv4.ip_forward", "net.ipv4.tcp_rmem", "net.ipv4.conf.all.rp_filter"], commit.Changes.Select(change => change.Name));
        Assert.Equal(["net.ipv4.route.flush", "net.ipv4.no_such_file"], commit.NotRepeated.Select(change => change.Name));
        Assert.Empty(commit.Apply());
        Assert.Equal("1\n4096\t100000\t200000\n2\n1\n", live.Sh("sysctl -n net.ipv4.ip_forward net.ipv4.tcp_rmem net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.forwarding"));
    }

    /// <summary>The kernel switches accept_redirects with ip_forward, also where live had the script's value already.</summary>
    [Fact]
    public void AValueThatAnotherOneChangesEndsAsTheScriptLeftIt()
    {
        using TestNamespace live = new();
        live.Sh("sysctl -qw net.ipv4.ip_forward=1 && [ $(sysctl -n net.ipv4.conf.all.accept_redirects) = 0 ]");
        SysctlCommit commit = SysctlCommit.Prepare([new("net/ipv4/ip_forward", "0"), new("net/ipv4/conf/all/accept_redirects", "0")], live.Namespace);
        Assert.Equal(["net.ipv4.ip_forward = 0"], commit.Changes.Select(change => change.ToString()));
        Assert.Empty(commit.Apply());
        Assert.Equal("0\n0\n", live.Sh("sysctl -n net.ipv4.ip_forward net.ipv4.conf.all.accept_redirects"));
    }

    [Fact]
    public void ARefusedValueIsNamedAndTheRestIsSet()
    {
        using TestNamespace live = new();
        SysctlCommit commit = SysctlCommit.Prepare([new("net/ipv4/ip_forward", "yes"), new("net/ipv4/tcp_syncookies", "0")], live.Namespace);
        Assert.Contains("net.ipv4.ip_forward", Assert.Single(commit.Apply()), StringComparison.Ordinal);
        Assert.Equal("0\n0\n", live.Sh("sysctl -n net.ipv4.ip_forward net.ipv4.tcp_syncookies"));
    }

    private static (ScriptResult, IReadOnlyList<SysctlChange>) Run(string body)
    {
        string script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, "#!/bin/sh\n" + body);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            using NetworkNamespace live = NetworkNamespace.Current();
            using StagingNamespace staging = StagingNamespace.Start(new ScriptCommand([script]), new StagingOptions { LauncherPath = LauncherEntry.Path });
            using SysctlShadow shadow = SysctlShadow.Make(staging, new LiveSysctls(live));
            shadow.Watch();
            ScriptResult result = staging.Run();
            return (result, shadow.Read());
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Host() => Spawn.Capture(null, ["sh", "-c", "cat /proc/sys/vm/swappiness /proc/sys/kernel/panic /proc/sys/net/core/default_qdisc /proc/sys/net/netfilter/nf_conntrack_max /proc/sys/net/ipv4/ip_forward"]).OutputText;

    private static string Net(TestNamespace space) => space.Sh("sysctl -a --pattern '^net\\.ipv[46]' 2>/dev/null | grep -v -e ipfrag_secret -e stable_secret");
}
