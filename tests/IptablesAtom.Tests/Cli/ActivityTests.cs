using System.Text.Json;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Cli;

/// <summary>What a script does besides the firewall: nothing of it reaches live or the machine, all of it is listed, and <c>--replay</c> repeats it.</summary>
/// <remarks>The services and modules are programs of the test's own that write down how they were called; the host name is that of a namespace.</remarks>
public sealed class ActivityTests : IDisposable
{
    private const string Machine =
        """
        #!/bin/sh
        case "${0##*/} $*" in
          "modprobe -n"*no_such*) echo "modprobe: FATAL: Module no_such not found." >&2; exit 1 ;;
          "modprobe -n "*) exit 0 ;;
          "systemctl is-active"*) echo inactive; exit 3 ;;
          *broken*) exit 5 ;;
        esac
        echo "${0##*/} $* in $PWD with $WORD" >>"$LOG"
        """;

    private readonly TestNamespace _live = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("atom-activity-").FullName;

    public ActivityTests()
    {
        _live.Sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1; ip link set lo up; ip link add eth0 type veth peer name peer0; ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up; ip link set peer0 up");
        Directory.CreateDirectory($"{_directory}/bin");
        foreach (string name in (string[])["systemctl", "service", "modprobe", "rmmod"])
        {
            Write($"bin/{name}", Machine);
        }

        File.Copy("/bin/sleep", $"{_directory}/bin/atomvictim");
        Assert.True(File.Exists(PublishedProgram.Path), "bin/iptables-atom is not there: run ./build first (./test does)");
    }

    public void Dispose()
    {
        _live.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void NothingOfAStagingReachesLiveOrTheMachine()
    {
        Write("script",
            $$"""
            #!/bin/bash
            iptables-nft -A INPUT -s 192.0.2.66 -j DROP; ipset create leak hash:ip; nft add table inet leak
            sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.eth0.rp_filter=2 vm.swappiness=37 kernel.panic=13
            echo 77 >/proc/sys/vm/dirty_expire_centisecs; echo 1 >/proc/sys/net/ipv4/conf/all/log_martians
            modprobe br_netfilter; modprobe no_such; rmmod dummy; systemctl stop sshd; service cron restart
            ip route add 10.9.0.0/16 via 192.0.2.1; ip addr add 192.0.2.77/24 dev eth0; ip link set eth0 mtu 1400; ip link add leak0 type bridge
            ip rule add fwmark 7 lookup 7; ip neigh replace 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
            tc qdisc replace dev eth0 root handle 1: htb; conntrack -F
            kill -9 $VICTIM; pkill atomvictim; killall atomvictim; python3 -c "import os; os.kill($VICTIM, 15)"; kill -9 -- -$VICTIM
            hostname leaked; ip netns add atomleak; mount -t tmpfs leaked /mnt; nsenter --net=/proc/$VICTIM/ns/net ip link set lo mtu 1234
            (setsid sleep 71.17 >/dev/null 2>&1 &); nohup sleep 71.17 >/dev/null 2>&1 &
            sleep 3 & kill $!; wait $!; echo "own child: $?"
            echo text >{{_directory}}/written
            iptables-nft-save >{{_directory}}/saved
            """);
        string state =
            $$"""
            state() {
              ip -d addr; ip route show table all; ip -6 route show table all; ip rule; ip neigh; tc qdisc; nft list ruleset; ipset save; conntrack -C
              sysctl -a 2>/dev/null | grep ^net; sysctl vm.swappiness vm.dirty_expire_centisecs kernel.panic; hostname
              cat /proc/modules; cat /proc/self/mounts; ls /run/netns 2>/dev/null; ps -eo comm,args | grep -E 'atomvictim|[s]leep 71.17' | grep -v -e ps -e grep
            }
            conntrack -I -p tcp -s 192.0.2.9 -d 192.0.2.2 --sport 9 --dport 8 --state ESTABLISHED -t 600 >/dev/null 2>&1
            setsid atomvictim 100 & VICTIM=$!; export VICTIM; sleep 0.1
            state >{{_directory}}/before
            {{PublishedProgram.Path}} plan {{_directory}}/script; echo "exit $?"
            state >{{_directory}}/after
            kill $VICTIM
            """;
        (_, string output, string error) = Inside(state);
        Assert.Contains("exit 2", output, StringComparison.Ordinal);
        Assert.Contains("own child: 143", output, StringComparison.Ordinal);
        string before = File.ReadAllText($"{_directory}/before");
        Assert.Contains("atomvictim 100", before, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText($"{_directory}/after"));
        Assert.False(File.Exists($"{_directory}/log"), "a machine-wide program ran");
        Assert.Contains("Module no_such not found", error, StringComparison.Ordinal);
        Assert.Contains("left 2 process(es)", error, StringComparison.Ordinal);

        // The script's own files are its own business, and real.
        Assert.Equal("text\n", File.ReadAllText($"{_directory}/written"));
        Assert.Contains("-A INPUT -s 192.0.2.66/32 -j DROP", File.ReadAllText($"{_directory}/saved"), StringComparison.Ordinal);
        foreach (string listed in (string[])
            [
                "module     SCRIPT:5: modprobe br_netfilter", "module     SCRIPT:5: rmmod dummy", "service    SCRIPT:5: systemctl stop sshd",
                "service    SCRIPT:5: service cron restart", "route      SCRIPT:6: ip route add 10.9.0.0/16 via 192.0.2.1", "address    SCRIPT:6: ip addr add",
                "link       SCRIPT:6: ip link set eth0 mtu 1400", "link       SCRIPT:6: ip link add leak0", "rule       SCRIPT:7: ip rule add", "neighbour  SCRIPT:7: ip neigh replace",
                "tc         SCRIPT:8: tc qdisc replace dev eth0 root handle 1: htb", "conntrack  SCRIPT:8: conntrack -F", "process    SCRIPT: kill -KILL",
                "hostname   SCRIPT:10: hostname leaked", "namespace  SCRIPT:10: ip netns add atomleak", "namespace  SCRIPT:10: nsenter --net=",
                "file       SCRIPT:14: iptables-nft-save > ", "changed    host name to leaked", "added      route 10.9.0.0/16", "sysctl vm.swappiness = 37",
            ])
        {
            Assert.Contains(listed.Replace("SCRIPT", $"{_directory}/script", StringComparison.Ordinal), output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ReplayRepeatsTheCallsInTheirOrder()
    {
        Write("script",
            $"""
            #!/bin/sh
            cd {_directory}/bin; export WORD='two words'
            iptables-nft -A INPUT -s 192.0.2.66 -j DROP
            ip route add 10.9.0.0/16 via 192.0.2.1
            modprobe br_netfilter nf_call=1
            ip route add 10.10.0.0/16 via 192.0.2.1
            systemctl restart 'a unit'
            conntrack -F
            """);
        Inside("conntrack -I -p tcp -s 192.0.2.9 -d 192.0.2.2 --sport 9 --dport 8 --state ESTABLISHED -t 600");
        (int status, string output, string error) = Inside($"{PublishedProgram.Path} {_directory}/script");
        Assert.Equal(0, status);
        Assert.Contains("not done on live: " + _directory + "/script:4: ip route add 10.9.0.0/16 via 192.0.2.1 (route)", error, StringComparison.Ordinal);
        Assert.Contains("--replay runs such calls", error, StringComparison.Ordinal);
        Assert.DoesNotContain("10.9.0.0", _live.Sh("ip route"), StringComparison.Ordinal);
        Assert.False(File.Exists($"{_directory}/log"));

        (status, output, error) = Inside($"{PublishedProgram.Path} --replay {_directory}/script");
        Assert.True(status == 0, error);
        Assert.Contains("5 other call(s) replayed", error, StringComparison.Ordinal);
        Assert.Contains("10.9.0.0/16 via 192.0.2.1", _live.Sh("ip route"), StringComparison.Ordinal);
        Assert.Contains("10.10.0.0/16 via 192.0.2.1", _live.Sh("ip route"), StringComparison.Ordinal);
        Assert.Equal(
            $"modprobe br_netfilter nf_call=1 in {_directory}/bin with two words\nsystemctl restart a unit in {_directory}/bin with two words\n",
            File.ReadAllText($"{_directory}/log"));
        Assert.Equal("0", _live.Sh("conntrack -C").Trim());
    }

    [Theory]
    [InlineData("dash", "")]
    [InlineData("dash", "--exact")]
    [InlineData("bash", "")]
    [InlineData("bash", "--exact")]
    public void AFileThatSetsAreSavedToIsListed(string shell, string option)
    {
        // The shell's own output is the request's FIFO for a moment of each call: one call would meet that by chance.
        Write("script",
            $"""
            #!/bin/{shell}
            cd {_directory}
            ipset create blocked hash:ip
            for n in 1 2 3 4 5 6 7 8; do ipset save blocked >saved.$n; done
            (ipset save >saved.sub)
            (exec >saved.exec; ipset save blocked)
            exec >all
            ipset save blocked | cat >/dev/null
            text=$(ipset save blocked)
            ipset -S
            """);
        (_, string output, _) = Inside($"{PublishedProgram.Path} plan {option} {_directory}/script");
        Assert.Equal(
            [.. Enumerable.Range(1, 8).Select(n => $"saved.{n}"), "saved.sub", "saved.exec", "all"],
            output.Split('\n').Where(line => line.Contains("  file  ", StringComparison.Ordinal)).Select(line => line[(line.LastIndexOf('/') + 1)..]));
    }

    [Fact]
    public void AFailedReplayIsToldAndTheFirewallIsInForce()
    {
        Write("script", "#!/bin/sh\niptables-nft -A INPUT -s 192.0.2.66 -j DROP\nsystemctl restart broken\nservice broken stop || true\nsystemctl restart whole\n");
        (int status, _, string error) = Inside($"{PublishedProgram.Path} --replay {_directory}/script");
        Assert.Equal(7, status);
        Assert.Contains($"--replay: {_directory}/script:3: systemctl restart broken: exit status 5", error, StringComparison.Ordinal);
        Assert.Contains("which the script allows for", error, StringComparison.Ordinal);
        Assert.Contains("the new firewall is in force and verified, but 1 of", error, StringComparison.Ordinal);
        Assert.Contains("192.0.2.66", _live.Dump(), StringComparison.Ordinal);
        Assert.Contains("systemctl restart whole", File.ReadAllText($"{_directory}/log"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNoCallExplainsIsSaidToBeLost()
    {
        // A program that speaks to the kernel by itself: SIOCSIFMTU, as any program can.
        Write("script",
            """
            #!/usr/bin/python3
            import fcntl, socket, struct
            fcntl.ioctl(socket.socket(), 0x8922, struct.pack("16si12x", b"eth0", 1300))
            """);
        (int status, string output, _) = Inside($"{PublishedProgram.Path} plan {_directory}/script");
        Assert.Equal(0, status);
        Assert.Contains("changed in staging by no call that is known, and lost", output, StringComparison.Ordinal);
        Assert.Contains("link eth0 (MTU 1300)", output, StringComparison.Ordinal);
        (status, _, string error) = Inside($"{PublishedProgram.Path} --replay {_directory}/script");
        Assert.Equal(7, status);
        Assert.Contains("it cannot be repeated", error, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasSysctlsAndActivity()
    {
        Write("script", "#!/bin/sh\nsysctl -qw net.ipv4.ip_forward=1\nip route add 10.9.0.0/16 via 192.0.2.1\nsystemctl restart dnsmasq\nsystemctl is-active dnsmasq\nexit 0\n");
        (int status, string output, _) = Inside($"{PublishedProgram.Path} plan --json {_directory}/script");
        Assert.Equal(2, status);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.True(json.RootElement.GetProperty("changes").GetBoolean());
        Assert.Equal("net.ipv4.ip_forward", json.RootElement.GetProperty("sysctls")[0].GetProperty("name").GetString());
        Assert.Equal("1", json.RootElement.GetProperty("sysctls")[0].GetProperty("value").GetString());
        JsonElement activity = json.RootElement.GetProperty("activity");
        Assert.Equal(2, activity.GetProperty("undone").GetInt32());
        Assert.False(activity.GetProperty("replay").GetBoolean());
        JsonElement call = activity.GetProperty("calls")[1];
        Assert.Equal(("service", "withheld", 4), (call.GetProperty("subject").GetString(), call.GetProperty("fate").GetString(), call.GetProperty("line").GetInt32()));
        Assert.Equal(["systemctl", "restart", "dnsmasq"], call.GetProperty("words").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal("10.9.0.0/16 via 192.0.2.1 dev eth0", activity.GetProperty("changes")[0].GetProperty("text").GetString());
    }

    /// <summary>In live, with a host name and a private store of the test's own, and the test's programs first on PATH.</summary>
    private (int Status, string Output, string Error) Inside(string commands)
    {
        Write("harness", $"mount -t tmpfs none /var/lib\nexport PATH={_directory}/bin:$PATH LOG={_directory}/log\n{commands}\n");
        return _live.Try($"exec unshare --mount --uts sh {_directory}/harness");
    }

    private void Write(string name, string text)
    {
        File.WriteAllText($"{_directory}/{name}", text);
        File.SetUnixFileMode($"{_directory}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
