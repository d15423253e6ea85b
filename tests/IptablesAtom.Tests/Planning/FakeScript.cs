using System.Globalization;
using CsCheck;
using IptablesAtom.Model;

namespace IptablesAtom.Tests.Planning;

/// <summary>Scripts of random calls, and firewalls of others, for the laws of the merge.</summary>
internal sealed record FakeScript(IReadOnlyList<FakeScript.Call> Calls)
{
    private static readonly string[] Chains = ["INPUT", "FORWARD", "A", "B"];
    private static readonly string[] ForeignChains = ["INPUT", "FORWARD", "f2b-sshd", "DOCKER"];

    internal enum Verb
    {
        FlushAll,
        Flush,
        NewChain,
        Append,
        Insert,
        Remove,
        Policy,
    }

    internal sealed record Call(Verb Verb, string Chain, int Number);

    /// <summary>Any script: flushing or incremental, with rules that occur twice.</summary>
    internal static Gen<FakeScript> Any { get; } =
        from isFlushing in Gen.Bool
        from calls in Gen.Select(Gen.Enum<Verb>(), Gen.Int[0, Chains.Length - 1].Select(index => Chains[index]), Gen.Int[0, 12]).Array[0, 30]
        select new FakeScript(
        [
            .. isFlushing ? [new Call(Verb.FlushAll, "", 0)] : Array.Empty<Call>(),
            .. calls.Where(call => call.Item1 != Verb.FlushAll).Select(call => new Call(call.Item1, call.Item2, call.Item3)),
        ]);

    /// <summary>Scripts that begin with -F and -X.</summary>
    internal static Gen<FakeScript> Flushing { get; } =
        Any.Select(script => new FakeScript([new Call(Verb.FlushAll, "", 0), .. script.Calls.Where(call => call.Verb is not (Verb.FlushAll or Verb.Flush))]));

    /// <summary>What others have: rules that no script of <see cref="Any"/> makes, in shared chains and in their own.</summary>
    internal static Gen<FakeScript> Foreign { get; } =
        Gen.Select(Gen.Int[0, ForeignChains.Length - 1].Select(index => ForeignChains[index]), Gen.Int[0, 200]).Array[0, 25].Select(rules => new FakeScript(
        [
            new Call(Verb.NewChain, "f2b-sshd", 0),
            new Call(Verb.NewChain, "DOCKER", 0),
            .. rules.Select(rule => new Call(rule.Item2 % 3 == 0 ? Verb.Insert : Verb.Append, rule.Item1, 1000 + rule.Item2)),
        ]));

    internal void Run(FakeKernel kernel, TableId table)
    {
        foreach (Call call in Calls)
        {
            string rule = Rule(call.Number);
            switch (call.Verb)
            {
                case Verb.FlushAll:
                    kernel.FlushAll(table);
                    break;
                case Verb.Flush:
                    kernel.Flush(table, call.Chain);
                    break;
                case Verb.NewChain:
                    kernel.NewChain(table, call.Chain);
                    break;
                case Verb.Append:
                    kernel.Append(table, call.Chain, rule);
                    break;
                case Verb.Insert:
                    kernel.Insert(table, call.Chain, 0, rule);
                    break;
                case Verb.Remove:
                    kernel.Remove(table, call.Chain, rule);
                    break;
                case Verb.Policy when call.Chain is "INPUT" or "FORWARD":
                    kernel.SetPolicy(table, call.Chain, call.Number % 2 == 0 ? Policy.Drop : Policy.Accept);
                    break;
            }
        }
    }

    /// <summary>Foreign rules have numbers from 1000 on, and are recognised by what they name.</summary>
    internal static bool IsForeign(string rule) => rule.Contains("virbr0", StringComparison.Ordinal);

    private static string Rule(int number) => number switch
    {
        >= 1000 => string.Create(CultureInfo.InvariantCulture, $"-i virbr0 -s {number} -j ACCEPT"),
        10 => "-j A",
        11 => "-j B",
        12 => "-j f2b-sshd",
        _ => string.Create(CultureInfo.InvariantCulture, $"-s {number} -j DROP"),
    };

    public override string ToString() => string.Join("; ", Calls.Select(call => $"{call.Verb} {call.Chain} {Rule(call.Number)}"));
}
