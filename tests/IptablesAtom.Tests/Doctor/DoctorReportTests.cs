using IptablesAtom.Doctor;
using Xunit;

namespace IptablesAtom.Tests.Doctor;

public sealed class DoctorReportTests
{
    [Fact]
    public void FindsWhatTheTestsThemselvesNeed()
    {
        DoctorReport report = DoctorReport.Collect();
        Assert.True(report.CanRun, string.Join('\n', report.Checks));
        Assert.Equal(CheckState.Works, report.Checks.Single(check => check.Name == "privileges").State);
        Assert.Equal(CheckState.Works, report.Checks.Single(check => check.Name == "staging").State);
        FirewallTool nft = report.Tools.Single(tool => tool.Name == "iptables-nft");
        Assert.Equal("nft", nft.Backend);
        Assert.NotNull(nft.Version);
        Assert.Equal("legacy", report.Tools.Single(tool => tool.Name == "iptables-legacy").Backend);
    }

    [Fact]
    public void ChangesNothing()
    {
        string[] Before() =>
        [
            .. new[] { "/proc/net/ip_tables_names", "/proc/net/ip6_tables_names", "/proc/modules", "/proc/mounts" }
                .Where(File.Exists).Select(File.ReadAllText),
            Environment.CurrentDirectory,
        ];
        string[] before = Before();
        DoctorReport.Collect();
        Assert.Equal(before, Before());
    }

    [Fact]
    public void SaysWhatIsMissing()
    {
        FirewallTool v4 = new("iptables", null, null, null, "IPv4 rules", true);
        FirewallTool v6 = v4 with { Name = "ip6tables", Path = "/usr/sbin/ip6tables", Backend = "nft" };
        Assert.Equal(CheckState.Fatal, Assert.Single(ToolChecks.Judge([v4, v6])).State);
        FirewallTool legacy = v4 with { Path = "/usr/sbin/iptables", Backend = "legacy" };
        Check mixed = Assert.Single(ToolChecks.Judge([legacy, v6]));
        Assert.Equal(CheckState.Limited, mixed.State);
        Assert.Contains("iptables is legacy, but ip6tables is nft", mixed.Finding, StringComparison.Ordinal);
    }
}
