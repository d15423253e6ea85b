using System.Text.Json;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

public sealed class DoctorCommandTests
{
    [Fact]
    public void SaysThatItWorksHere()
    {
        using TestNamespace inside = new();
        using PublishedProgram program = new();
        (int status, string output, string error) = program.Run(inside, "doctor");
        Assert.True(status == 0, output + error);
        Assert.Contains("iptables-atom works here.", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Fact]
    public void GivesJson()
    {
        using TestNamespace inside = new();
        using PublishedProgram program = new();
        (int status, string output, _) = program.Run(inside, "doctor", "--json");
        using JsonDocument report = JsonDocument.Parse(output);
        Assert.Equal(0, status);
        Assert.Equal(1, report.RootElement.GetProperty("schema").GetInt32());
        Assert.True(report.RootElement.GetProperty("works").GetBoolean());
        Assert.Contains(report.RootElement.GetProperty("tools").EnumerateArray(), tool => tool.GetProperty("name").GetString() == "iptables");
    }

    /// <summary>A tool that is not on the host is named with its package, and nothing else breaks.</summary>
    [Fact]
    public void SaysWhatToInstall()
    {
        using TestNamespace inside = new();
        using PublishedProgram program = new();
        // The mount namespace is the program's own: an empty directory stands where the tools are.
        (int status, string output, _) = inside.Try($"""
            unshare --mount sh -c 'mount -t tmpfs none /usr/sbin && exec {PublishedProgram.Path} doctor'
            """);
        Assert.Equal(1, status);
        Assert.Contains("iptables is not installed", output, StringComparison.Ordinal);
        Assert.Contains("To install what is missing:", output, StringComparison.Ordinal);
        Assert.Contains("iptables-atom does not work here", output, StringComparison.Ordinal);
    }

    [Fact]
    public void LegacyTablesBesideNftOnesAreNamed()
    {
        using TestNamespace inside = new();
        using PublishedProgram program = new();
        inside.Sh("iptables-legacy -A INPUT -j ACCEPT");
        (_, string output, _) = program.Run(inside, "doctor");
        Assert.Contains("there are legacy tables too (iptables filter)", output, StringComparison.Ordinal);
    }
}
