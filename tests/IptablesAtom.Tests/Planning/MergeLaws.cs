using CsCheck;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using Xunit;

namespace IptablesAtom.Tests.Planning;

/// <summary>What holds for every script and everything that others did.</summary>
public sealed class MergeLaws
{
    private const int Times = 1000;

    private static readonly Gen<TableId> Tables = Gen.Bool.Select(isNft => isNft ? FakeKernel.Filter : FakeKernel.LegacyFilter);

    [Fact]
    public void RunningTheSameScriptAgainChangesNothing() =>
        Gen.Select(Tables, FakeScript.Foreign, FakeScript.Any).Sample(
            (table, foreign, script) =>
            {
                FakeRun run = new(Live(table, foreign));
                run.Run(kernel => script.Run(kernel, table));
                Assert.True(run.Run(kernel => script.Run(kernel, table)).IsEmpty);
            },
            iter: Times);

    [Fact]
    public void WhatAPlanSaysIsWhatIsThenThere() =>
        Gen.Select(Tables, FakeScript.Foreign, FakeScript.Any, FakeScript.Any).Sample(
            (table, foreign, first, second) =>
            {
                FakeRun run = new(Live(table, foreign));
                run.Run(kernel => first.Run(kernel, table));
                Snapshot before = new(run.Live, table);
                Plan plan = run.Plan(kernel => second.Run(kernel, table));
                AssertCommittable(plan);
                before.AssertDiffLeadsTo(plan);
                run.Live.Commit(plan);
                run.Base = plan.NextBase;
                Assert.True(run.Plan(kernel => second.Run(kernel, table)).IsEmpty);
            },
            iter: Times);

    [Fact]
    public void OursIsAsStagedAndForeignRulesKeepTheirOrder() =>
        Gen.Select(Tables, FakeScript.Foreign, FakeScript.Flushing, FakeScript.Flushing).Sample(
            (table, foreign, first, second) =>
            {
                FakeKernel live = Live(table, foreign);
                Dictionary<string, string[]> others = live.Read().Find(table)!.Chains.ToDictionary(chain => chain.Name, chain => Texts(chain, foreign: true));
                FakeRun run = new(live);
                foreach (FakeScript script in new[] { first, second })
                {
                    run.Run(kernel => script.Run(kernel, table));
                    FakeKernel direct = new(table);
                    script.Run(direct, table);
                    foreach (Chain chain in direct.Read().Find(table)!.Chains)
                    {
                        // A jump to a chain of others is one only where that chain is: compare the rules as written.
                        Assert.Equal(Texts(chain, foreign: false), Texts(live.Find(table, chain.Name)!, foreign: false));
                        Assert.True(!chain.IsBase || chain.Policy == live.Find(table, chain.Name)!.Policy);
                    }

                    foreach ((string name, string[] rules) in others)
                    {
                        Assert.Equal(rules, Texts(live.Find(table, name)!, foreign: true));
                    }
                }
            },
            iter: Times);

    [Fact]
    public void WhatOthersAddBetweenTwoRunsStaysAndWhatTheyRemoveStaysAway() =>
        Gen.Select(Tables, FakeScript.Flushing, FakeScript.Flushing, FakeScript.Foreign, Gen.Bool).Sample(
            (table, first, second, foreign, isMeanwhile) =>
            {
                FakeRun run = new(new FakeKernel(table));
                run.Run(kernel => first.Run(kernel, table));
                void Others() => foreign.Run(run.Live, table);
                if (!isMeanwhile)
                {
                    Others();
                }

                run.Run(kernel => second.Run(kernel, table), meanwhile: isMeanwhile ? Others : null);
                FakeKernel alone = new(table);
                foreign.Run(alone, table);
                foreach (Chain chain in alone.Read().Find(table)!.Chains)
                {
                    Assert.Equal(Texts(chain, foreign: true), Texts(run.Live.Find(table, chain.Name)!, foreign: true));
                }

                FakeKernel direct = new(table);
                second.Run(direct, table);
                foreach (Chain chain in direct.Read().Find(table)!.Chains)
                {
                    Assert.Equal(Texts(chain, foreign: false), Texts(run.Live.Find(table, chain.Name)!, foreign: false));
                }
            },
            iter: Times);

    private static FakeKernel Live(TableId table, FakeScript foreign)
    {
        FakeKernel live = new(table);
        foreign.Run(live, table);
        return live;
    }

    private static string[] Texts(Chain chain, bool foreign) =>
        [.. chain.Rules.Select(rule => rule.Text!).Where(text => FakeScript.IsForeign(text) == foreign)];

    /// <summary>Jumps lead somewhere, and what is live's own stays in live's order.</summary>
    private static void AssertCommittable(Plan plan)
    {
        foreach (TableChange change in plan.Tables)
        {
            foreach (Chain chain in change.Desired!.Chains)
            {
                Assert.All(chain.Rules, rule => Assert.True(rule.Jump is null || change.Desired.Find(rule.Jump) is not null));
                List<Rule> live = [.. change.Live?.Find(chain.Name)?.Rules ?? []];
                int[] places = [.. chain.Rules.Select(rule => live.FindIndex(candidate => ReferenceEquals(candidate, rule))).Where(place => place >= 0)];
                Assert.Equal(places.Order().Distinct(), places);
            }
        }
    }

    /// <summary>The chains of a table as lists of texts, to which a shown difference is applied.</summary>
    private sealed class Snapshot(FakeKernel kernel, TableId table)
    {
        private readonly Dictionary<string, string[]> _chains =
            kernel.Read().Find(table)!.Chains.ToDictionary(chain => chain.Name, chain => chain.Rules.Select(rule => rule.Text!).ToArray());

        internal void AssertDiffLeadsTo(Plan plan)
        {
            TableDiff? diff = PlanDiff.Of(plan).Tables.SingleOrDefault(candidate => candidate.Id == table);
            Dictionary<string, List<string>> result = _chains.ToDictionary(chain => chain.Key, chain => chain.Value.ToList());
            foreach (ChainDiff chain in diff?.Chains ?? [])
            {
                if (chain.Kind == ChangeKind.Remove)
                {
                    Assert.Equal(result[chain.Name], chain.Rules.Select(rule => rule.Rule.Text));
                    result.Remove(chain.Name);
                    continue;
                }

                List<string> rules = result.TryGetValue(chain.Name, out List<string>? known) ? known : result[chain.Name] = [];
                foreach (RuleDiff rule in chain.Rules.Where(rule => rule.Kind == ChangeKind.Remove).OrderByDescending(rule => rule.Number))
                {
                    Assert.Equal(rule.Rule.Text, rules[rule.Number - 1]);
                    rules[rule.Number - 1] = "";
                }

                rules.RemoveAll(text => text.Length == 0);
                foreach (RuleDiff rule in chain.Rules.Where(rule => rule.Kind == ChangeKind.Move))
                {
                    Assert.True(rules.Remove(rule.Rule.Text!));
                }

                foreach (RuleDiff rule in chain.Rules.Where(rule => rule.Kind is ChangeKind.Add or ChangeKind.Move).OrderBy(rule => rule.Number))
                {
                    rules.Insert(rule.Number - 1, rule.Rule.Text!);
                }
            }

            Table desired = plan.Tables.SingleOrDefault(change => change.Id == table)?.Desired ?? plan.Live.Find(table)!;
            Assert.Equal(desired.Chains.Select(chain => chain.Name).Order(), result.Keys.Order());
            foreach (Chain chain in desired.Chains)
            {
                Assert.Equal(chain.Rules.Select(rule => rule.Text), result[chain.Name]);
            }
        }
    }
}
