using IptablesAtom.Tests.Architecture;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>Every example, run by the published program, ends with what a direct run makes; and so does a second run.</summary>
public sealed class ExampleTests
{
    private static readonly (string, string)[] Small = [("RULES", "200")];

    public static TheoryData<string, string> All => new(
        from file in Directory.EnumerateFiles(Path.Combine(SourceFile.Root, "examples"))
        from backend in new[] { "nft", "legacy" }
        select (Path.GetFileName(file), backend));

    [Theory]
    [MemberData(nameof(All))]
    public void EndsAsADirectRun(string name, string backend)
    {
        string script = Path.Combine(SourceFile.Root, "examples", name);
        using TestNamespace direct = new();
        using TestNamespace atom = new();
        using PublishedProgram program = new();
        // Names of one backend before the system's, as an administrator's alternatives would have them.
        direct.Sh($"""
            d=$(mktemp -d); for t in iptables ip6tables; do for s in '' -save -restore; do ln -s $(command -v xtables-{backend}-multi) $d/$t$s; done; done
            export PATH=$d:$PATH RULES=200; {script} </dev/null; status=$?; rm -r $d; exit $status
            """);
        string expected = direct.Dump();
        for (int run = 1; run <= 2; run++)
        {
            (int status, _, string error) = program.Run(atom, Small, "--backend", backend, script);
            Assert.True(status == 0, $"run {run} ended with {status}: {error}");
            Assert.Equal(expected, atom.Dump());
        }
    }
}
