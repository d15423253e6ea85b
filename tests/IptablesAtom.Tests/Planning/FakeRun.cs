using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using Xunit;

namespace IptablesAtom.Tests.Planning;

/// <summary>Whole runs of scripts against a <see cref="FakeKernel"/>, with the base kept between them.</summary>
internal sealed class FakeRun(FakeKernel live)
{
    internal FakeKernel Live => live;

    internal Base Base { get; set; } = new();

    internal MergeOptions Options { get; set; } = new();

    internal bool RebuildsSeed { get; set; }

    internal SeedFrom From { get; set; } = SeedFrom.Auto;

    /// <summary>Stages the script, and commits.</summary>
    /// <param name="script">What it does in staging.</param>
    /// <param name="source">Which source it is.</param>
    /// <param name="meanwhile">What others do to live while it runs.</param>
    internal Plan Run(Action<FakeKernel> script, string source = "/script", Action? meanwhile = null)
    {
        Plan plan = Plan(script, source, meanwhile);
        live.Commit(plan);
        Base = plan.NextBase;
        return plan;
    }

    internal Plan Plan(Action<FakeKernel> script, string source = "/script", Action? meanwhile = null)
    {
        SeedPlan seed = SeedPlan.Choose(From, source, Base, live.Read());
        FakeKernel staging = FakeKernel.Seeded(seed.Content);
        Snapshot seeded = seed.Resolve(staging.Read());
        foreach (Table table in staging.Read().Tables)
        {
            Assert.All(table.Chains.SelectMany(chain => chain.Rules), rule => Assert.True(rule.Jump is null || table.Find(rule.Jump) is not null));
        }

        script(staging);
        meanwhile?.Invoke();
        return Planner.Make(new PlanInput
        {
            Base = Base,
            Source = source,
            SeedKind = seed.Kind,
            Seed = seeded,
            Staged = seed.Resolve(staging.Read()),
            Live = live.Read(),
            Options = Options,
            RebuildsSeed = RebuildsSeed,
        });
    }
}
