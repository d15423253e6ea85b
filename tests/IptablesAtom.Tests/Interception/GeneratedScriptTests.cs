using IptablesAtom.Netlink;
using CsCheck;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>Scripts made by chance: accelerated and plain must give the same; a script where they differ is cut down to the few lines that do it.</summary>
public sealed class GeneratedScriptTests
{
    /// <summary>Every combination of back-end, shell and way in.</summary>
    public static readonly MatrixTheoryData<string, string, string> Combinations = new(["nft", "legacy"], ["dash", "bash"], ["Functions", "Shim"]);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void IsAsPlain(string backend, string shell, string way) => GeneratedCalls.Check(
        samples: 4,
        $"{backend} {shell} {way}",
        lines =>
        {
            if (Difference(lines) is not null)
            {
                List<string> few = Reduced(lines, some => Difference(some) is not null);
                Assert.Fail($"{string.Join('\n', few)}\n{Difference(few) ?? "(not every time)"}");
            }

            string? Difference(List<string> some) => DifferenceOf(Script(shell, some), backend, Enum.Parse<StagedScript.Way>(way));
        });

    /// <summary>The set and the chains exist from the start, so that most calls have something to do.</summary>
    private static string Script(string shell, List<string> lines) =>
        $"#!/bin/{shell}\niptables -N one; iptables -N two; ipset create bad hash:ip\n"
        + string.Concat(lines.Select((line, index) => $"{line}\necho \"{index} rc $?\"\n"));

    /// <summary>Null: none.</summary>
    private static string? DifferenceOf(string script, string backend, StagedScript.Way way)
    {
        string plain = StagedScript.Run(script, backend, StagedScript.Way.Plain).Seen;
        string fast;
        try
        {
            fast = StagedScript.Run(script, backend, way).Seen;
        }
        catch (AtomException failure)
        {
            return failure.Message;
        }

        return plain == fast ? null : $"plain:\n{plain}\n{way}:\n{fast}";
    }

    /// <summary>Leaves out what can be: halves first, single lines at last.</summary>
    private static List<string> Reduced(List<string> lines, Func<List<string>, bool> fails)
    {
        for (int size = lines.Count / 2; size > 0; size /= 2)
        {
            for (int start = 0; start < lines.Count;)
            {
                List<string> rest = [.. lines[..start], .. lines.Skip(start + size)];
                if (fails(rest))
                {
                    lines = rest;
                }
                else
                {
                    start += size;
                }
            }
        }

        return lines;
    }
}
