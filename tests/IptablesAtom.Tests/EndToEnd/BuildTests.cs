using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using IptablesAtom.Bundles;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary><c>build</c>: what is in a bundle, and that two builds are the same bytes.</summary>
public sealed class BuildTests : IDisposable
{
    private const string Firewall =
        """
        #!/bin/sh
        ipset create bad hash:ip
        for i in $(seq 1 300); do ipset add bad 10.9.$((i / 200)).$((i % 200)); done
        iptables-nft -P INPUT DROP
        iptables-nft -A INPUT -m set --match-set bad src -j DROP
        iptables-nft -A INPUT -i lo -m comment --comment 'two words' -j ACCEPT
        ip6tables-legacy -A INPUT -p tcp --dport 22 -j ACCEPT
        nft add table inet mine
        nft add chain inet mine in '{ type filter hook input priority 0; }'
        nft add rule inet mine in tcp dport 80 counter accept
        sysctl -qw net.ipv4.ip_forward=1
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("atom-build-");
    private readonly PublishedProgram _program = new();
    private readonly TestNamespace _live = new();

    public void Dispose()
    {
        _live.Dispose();
        _program.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void TwoBuildsAreTheSameBytes()
    {
        byte[] first = Build(Script("a", Firewall), ("TZ", "UTC"));
        Thread.Sleep(1100); // another second, for whatever writes the time
        Assert.Equal(first, Build(Script("b", Firewall), ("TZ", "Asia/Tokyo")));
        Assert.NotEqual(first, Build(Script("c", Firewall + "\niptables-nft -A INPUT -j LOG\n"), ("TZ", "UTC")));
    }

    [Fact]
    public void LiveIsNeitherReadNorChanged()
    {
        _live.Sh("iptables-nft -A INPUT -s 192.0.2.99 -j ACCEPT");
        string before = _live.Sh("nft -s list ruleset; ipset save; cat /proc/sys/net/ipv4/ip_forward");
        Dictionary<string, string> files = Open(Build(Script("a", Firewall), ("TZ", "UTC")));
        Assert.Equal(before, _live.Sh("nft -s list ruleset; ipset save; cat /proc/sys/net/ipv4/ip_forward"));
        Assert.DoesNotContain("192.0.2.99", files["iptables-nft.save"], StringComparison.Ordinal);
    }

    /// <summary>The kernel is asked: what is loaded from a bundle is what the script makes when it is run itself.</summary>
    [Fact]
    public void ItsFilesLoadToWhatTheScriptMakes()
    {
        const string show = "iptables-nft-save; ip6tables-legacy-save; nft -s list table inet mine; ipset -s save";
        string script = Script("a", Firewall);
        Dictionary<string, string> files = Open(Build(script, ("TZ", "UTC")));
        using TestNamespace direct = new();
        direct.Sh($"ip link set lo up; {script}");
        foreach ((string name, string tool) in new[]
            { ("ipset.save", "ipset restore"), ("iptables-nft.save", "iptables-nft-restore"), ("ip6tables-legacy.save", "ip6tables-legacy-restore"), ("tables.nft", "nft -f -") })
        {
            string file = Path.Combine(_directory.FullName, name);
            File.WriteAllText(file, files[name]);
            _live.Sh($"{tool} < {file}");
        }

        Assert.Equal(Comparable(direct.Sh(show)), Comparable(_live.Sh(show)));
        Assert.Equal("net.ipv4.ip_forward = 1\n", files["sysctl.conf"]);
    }

    [Fact]
    public void TheManifestSaysWhatItWasMadeOf()
    {
        using JsonDocument manifest = JsonDocument.Parse(Open(Build(Script("a", "#!/bin/sh\niptables-nft -A INPUT -j DROP\n"), ("TZ", "UTC")))["manifest.json"]);
        JsonElement root = manifest.RootElement;
        Assert.Equal("iptables-atom/bundle/1", root.GetProperty("schema").GetString());
        Assert.Equal("fw", root.GetProperty("script")[0].GetString());
        string sum = _live.Sh($"sha256sum {_directory.FullName}/a/fw");
        Assert.Equal(sum[..64], root.GetProperty("script-sha256").GetString());
        Assert.Equal("iptables-nft.save", Assert.Single(root.GetProperty("files").EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("iptables-nft -A INPUT -j DROP\nexit 9", "exit status 9", 3)]
    [InlineData("iptables-nft -A INPUT -j DROP\nnft add rule ip filter INPUT ct state vmap '{ new : drop }'", "iptables-nft-save shows", 1)]
    public void WhatCannotBeWrittenWholeIsNotWritten(string text, string sentence, int expected)
    {
        string script = Script("a", $"#!/bin/sh\n{text}\n");
        (int status, _, string error) = _program.Run(_live, "build", script, "-o", $"{script}.atom");
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(expected, status);
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(script)!));
    }

    [Fact]
    public void TheOutputMustBeNamedAndItsDirectoryBeThere()
    {
        string script = Script("a", "#!/bin/sh\n");
        Assert.Equal(2, _program.Run(_live, "build", script).Status);
        (int status, _, string error) = _program.Run(_live, "build", "-o", "/no/such/file", script);
        Assert.Equal(1, status);
        Assert.Contains("there is no directory /no/such", error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDiffersBetweenRunsIsTakenOut()
    {
        Assert.Equal("*filter\n:INPUT DROP [0:0]\n-A INPUT -m comment --comment \"[1:2]\" -j DROP\n",
            SaveText.OfTables("# Generated today\n*filter\n:INPUT DROP [12:3456]\n-A INPUT -m comment --comment \"[1:2]\" -j DROP\n"));
        Assert.Equal("create s hash:ip family inet maxelem 65536 timeout 60 bucketsize 12\n",
            SaveText.OfSets("create s hash:ip family inet hashsize 4096 maxelem 65536 timeout 60 bucketsize 12 initval 0xdeadbeef\n"));
    }

    private static string Comparable(string text) => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#'))
        .Select(line => line.StartsWith("create ", StringComparison.Ordinal) ? line.Split(" family")[0]
            : line.StartsWith(':') ? line.Split('[')[0] : line));

    private string Script(string directory, string text)
    {
        string path = Path.Combine(_directory.CreateSubdirectory(directory).FullName, "fw");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ed /* 0755 */);
        return path;
    }

    private byte[] Build(string script, (string Name, string Value) variable)
    {
        (int status, _, string error) = _program.Run(_live, [variable], "build", script, "-o", $"{script}.atom");
        Assert.True(status == 0, error);
        return File.ReadAllBytes($"{script}.atom");
    }

    private static Dictionary<string, string> Open(byte[] bundle)
    {
        using GZipStream unzipped = new(new MemoryStream(bundle), CompressionMode.Decompress);
        using TarReader reader = new(unzipped);
        Dictionary<string, string> files = [];
        while (reader.GetNextEntry() is { } entry)
        {
            Assert.Equal(DateTimeOffset.UnixEpoch, entry.ModificationTime);
            using StreamReader text = new(entry.DataStream!, Encoding.Latin1);
            files.Add(entry.Name, text.ReadToEnd());
        }

        return files;
    }
}
