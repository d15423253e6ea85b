using System.Globalization;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>What the kernel keeps beside rules: lists of <c>recent</c>, what a quota has left, buckets of hashlimit. Rules that do not change keep theirs.</summary>
public sealed class KeptStateTests
{
    private const string Send = "bash -c 'for i in $(seq 5); do echo x >/dev/udp/127.0.0.1/9; done' 2>/dev/null || true";

    private static string Script(string backend, string more) => $"""
        #!/bin/sh
        set -e
        iptables-{backend} -F
        iptables-{backend} -A INPUT -p udp -m recent --name seen --set
        iptables-{backend} -A INPUT -p udp -m quota --quota 1000 -j ACCEPT
        iptables-{backend} -A INPUT -p udp -m hashlimit --hashlimit-name h --hashlimit-upto 1/hour --hashlimit-burst 3 --hashlimit-mode srcip -j ACCEPT
        {more}

        """;

    /// <summary>nf_tables: one rule more leaves the others untouched, with what they hold.</summary>
    [Fact]
    public void UnchangedRulesKeepIt()
    {
        using Cli.PublishedProgram program = new();
        program.Live.Sh("ip link set lo up");
        Run(program, "nft", "");
        program.Live.Sh(Send);
        string list = program.Live.Sh("cat /proc/net/xt_recent/seen");
        string buckets = Buckets(program);
        Assert.Contains("src=127.0.0.1", list, StringComparison.Ordinal);
        string[] before = Counters(program, "nft");
        Run(program, "nft", "iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT");
        Assert.Equal(list, program.Live.Sh("cat /proc/net/xt_recent/seen"));
        Assert.Equal(buckets, Buckets(program));
        Assert.Equal(before, Counters(program, "nft")[..3]);

        // 5 packets of 30 bytes have been counted off the quota of 1,000: 28 more fit into the rest, of 38 sent.
        program.Live.Sh("bash -c 'for i in $(seq 38); do echo x >/dev/udp/127.0.0.1/9; done' 2>/dev/null || true");
        Assert.Equal(33, int.Parse(Counters(program, "nft")[1].Split(':')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Legacy: a table is written as a whole; lists and buckets of the same parameters are the kernel's own objects and stay, counters are carried.</summary>
    [Fact]
    public void LegacyKeepsListsBucketsAndCounters()
    {
        using Cli.PublishedProgram program = new();
        program.Live.Sh("ip link set lo up");
        Run(program, "legacy", "");
        program.Live.Sh(Send);
        string list = program.Live.Sh("cat /proc/net/xt_recent/seen");
        string buckets = Buckets(program);
        string[] before = Counters(program, "legacy");
        Run(program, "legacy", "iptables-legacy -A INPUT -p tcp --dport 22 -j ACCEPT");
        Assert.Equal(list, program.Live.Sh("cat /proc/net/xt_recent/seen"));
        Assert.Equal(buckets, Buckets(program));
        Assert.Equal(before, Counters(program, "legacy")[..3]);
    }

    private static void Run(Cli.PublishedProgram program, string backend, string more)
    {
        (int status, _, string error) = program.Run(["--backend", backend, program.Script(Script(backend, more))]);
        Assert.True(status == 0, error);
    }

    /// <summary>The addresses that have a bucket; the time left goes on.</summary>
    private static string Buckets(Cli.PublishedProgram program) => program.Live.Sh("cut -d' ' -f2 /proc/net/ipt_hashlimit/h");

    private static string[] Counters(Cli.PublishedProgram program, string backend) =>
        [.. program.Live.Sh($"iptables-{backend}-save -c | sed -n 's/^\\[\\([0-9:]*\\)\\] -A INPUT.*/\\1/p'").Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
