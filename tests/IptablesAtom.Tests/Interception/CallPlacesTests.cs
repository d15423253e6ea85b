using IptablesAtom.Staging.Interception;
using Xunit;

namespace IptablesAtom.Tests.Interception;

public sealed class CallPlacesTests
{
    private const string Script =
        """
        #!/bin/sh
        IPT=/sbin/iptables
        # iptables -A INPUT -j ACCEPT
        iptables -A INPUT -j ACCEPT
        for i in 1 2 3; do
          $IPT -A INPUT -s 10.0.$i.0/24 -p tcp --dport "${PORT}" -j ACCEPT
          "$IPT" -A INPUT -s 10.1.$i.0/24 \
             -j DROP
        done
        if ! iptables -C INPUT -m comment --comment "two words" -j ACCEPT 2>/dev/null; then iptables -A INPUT -m comment --comment "two words" -j ACCEPT; fi
        add() { sudo iptables "$@" -j REJECT; }
        ipset add bad 192.0.2.$i
        iptables -A INPUT -j ACCEPT
        """;

    [Theory]
    [InlineData(4, "iptables -A INPUT -j ACCEPT")]
    [InlineData(6, "/sbin/iptables -A INPUT -s 10.0.3.0/24 -p tcp --dport 80 -j ACCEPT")]
    [InlineData(7, "/sbin/iptables -A INPUT -s 10.1.3.0/24 -j DROP")]
    [InlineData(10, "iptables -C INPUT -m comment --comment two_words -j ACCEPT")]
    [InlineData(10, "iptables -A INPUT -m comment --comment two_words -j ACCEPT")]
    [InlineData(11, "iptables -A FORWARD -s 1.2.3.4 -j REJECT")]
    [InlineData(12, "ipset add bad 192.0.2.7")]
    [InlineData(0, "iptables -N nothing")]
    public void FindsTheLine(int line, string call)
    {
        CallRecord record = new([.. call.Split(' ').Select(word => word.Replace('_', ' '))], "", 0);
        CallPlaces.Find([record], "fw.sh", Script);
        Assert.Equal(line, record.Line);
    }

    [Fact]
    public void EqualLinesAreTakenDownwards()
    {
        CallRecord[] calls = [Call("-A INPUT -j ACCEPT"), Call("-A INPUT -s 10.0.1.0/24 -p tcp --dport 80 -j ACCEPT"), Call("-A INPUT -j ACCEPT")];
        CallPlaces.Find(calls, "fw.sh", Script);
        Assert.Equal([4, 6, 13], calls.Select(call => call.Line));
        static CallRecord Call(string words) => new(["iptables", .. words.Split(' ')], "", 0);
    }
}
