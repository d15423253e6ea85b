using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>Several scripts that flush and share sets, run by turns: after each, live is what direct runs would have left.</summary>
public sealed class SeveralScriptsTests
{
    private const string A = """
        #!/bin/sh
        set -e
        ipset create -exist shared hash:ip
        ipset flush shared
        ipset add shared 192.0.2.1
        iptables -F
        iptables -A INPUT -m set --match-set shared src -j DROP
        iptables -A INPUT -p tcp --dport 22 -j ACCEPT

        """;

    private const string B = """
        #!/bin/sh
        set -e
        ipset create -exist shared hash:ip
        ipset flush shared
        ipset add shared 192.0.2.2
        iptables -F
        iptables -A INPUT -m set ! --match-set shared src -j ACCEPT
        iptables -A FORWARD -m set --match-set shared dst -j DROP

        """;

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void ByTurns(string backend)
    {
        using Cli.PublishedProgram program = new();
        string[] scripts = [program.Script(A, "a"), program.Script(B, "b")];
        using TestNamespace direct = new();
        foreach (int turn in new[] { 0, 1, 0, 1, 1, 0 })
        {
            (int status, _, string error) = program.Run(["--backend", backend, scripts[turn]]);
            Assert.True(status == 0, error);
            direct.Sh($"iptables() {{ iptables-{backend} \"$@\"; }}\n{(turn == 0 ? A : B)}");
            Assert.Equal(direct.Dump(), program.Live.Dump());
        }
    }
}
