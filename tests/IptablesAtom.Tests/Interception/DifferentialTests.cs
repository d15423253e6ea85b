using IptablesAtom.Staging.Interception;
using IptablesAtom.Tests.Architecture;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>Scripts of many kinds: what a plain run and an accelerated one give must be equal to the byte.</summary>
public sealed class DifferentialTests
{
    /// <summary>Every script of the folder, on both back-ends, in the shells that it is for.</summary>
    public static TheoryData<string, string, string> Cases()
    {
        TheoryData<string, string, string> cases = [];
        foreach (string file in Directory.EnumerateFiles(Folder(), "*.sh").Order(StringComparer.Ordinal))
        {
            foreach (string backend in new[] { "nft", "legacy" })
            {
                foreach (string shell in FirstLine(file).Contains("bash only", StringComparison.Ordinal) ? ["bash"] : new[] { "dash", "bash" })
                {
                    cases.Add(Path.GetFileName(file), backend, shell);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsAsPlain(string file, string backend, string shell)
    {
        string path = Path.Combine(Folder(), file);
        string text = $"#!/bin/{shell}\n" + File.ReadAllText(path);
        string plain = StagedScript.Run(text, backend, StagedScript.Way.Plain).Seen;
        StagedScript.Outcome shim = StagedScript.Run(text, backend, StagedScript.Way.Shim);
        Assert.Equal(plain, shim.Seen);
        Assert.Contains(shim.Calls, call => call.WasBatched);
        if (!FirstLine(path).Contains("shim only", StringComparison.Ordinal))
        {
            Assert.Equal(plain, StagedScript.Run(text, backend, StagedScript.Way.Functions, patience: TableSession.Patience).Seen);
        }
    }

    private static string FirstLine(string file) => File.ReadLines(file).First();

    private static string Folder() => Path.Combine(SourceFile.Root, "tests/IptablesAtom.Tests/Interception/scripts");
}
