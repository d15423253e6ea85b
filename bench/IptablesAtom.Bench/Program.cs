using IptablesAtom.Bench.Benchmarks;
using IptablesAtom.Bench.Demo;
using IptablesAtom.Bench.Support;

Cleanup.OnSignals();
string name = args.FirstOrDefault() ?? "all";
string? backend = args.Skip(1).FirstOrDefault();
string[] backends = backend is null ? ["nft", "legacy"] : [backend];
if (backends.Except(["nft", "legacy"]).Any())
{
    Console.Error.WriteLine($"\"{backend}\" is no backend: nft and legacy are");
    return 2;
}

(string Name, Action<string[]> Run)[] benchmarks =
[
    ("staging", EachBackend(StagingTime.Run)),
    ("overhead", EachBackend(Overhead.Run)),
    ("fast", FastScripts.Run),
    ("flips", EachBackend(Flips.Run)),
    ("one-change", EachBackend(OneChange.Run)),
    ("replace", EachBackend(Replace.Run)),
    ("sets", EachBackend(Sets.Run)),
];
try
{
    if (name == "demo")
    {
        return new OldWayAndNewWay(backend ?? "nft").Run();
    }

    (string Name, Action<string[]> Run)[] chosen = [.. benchmarks.Where(item => name == "all" || item.Name == name)];
    if (chosen.Length == 0)
    {
        Console.Error.WriteLine($"there is no benchmark \"{name}\": {string.Join(", ", benchmarks.Select(item => item.Name))}, all");
        return 2;
    }

    foreach ((_, Action<string[]> run) in chosen)
    {
        run(backends);
    }

    return 0;
}
catch (InvalidOperationException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
finally
{
    Cleanup.Now();
}

static Action<string[]> EachBackend(Action<string> run) => backends => Array.ForEach(backends, run);
