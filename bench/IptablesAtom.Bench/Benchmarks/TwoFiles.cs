using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>From one save file to another and back: iptables-restore beside our commit.</summary>
internal static class TwoFiles
{
    private const int Runs = 3;

    internal static void Compare(string title, string goal, string backend, string[] files)
    {
        using Host direct = new(backend);
        using Host atom = new(backend);
        string[] scripts = [SaveFile.Script(files[0]), SaveFile.Script(files[1])];
        direct.Sh($"iptables-restore {files[0]}");
        atom.Atom(["--backend", backend, scripts[0]]).Succeeded("iptables-atom");
        List<double> restore = [], whole = [], commit = [], all = [];
        for (int i = 1; i <= Runs; i++)
        {
            restore.Add(direct.Direct(["iptables-restore", files[i % 2]]).Succeeded("iptables-restore").Time.TotalMilliseconds);
            whole.Add(atom.Atom(["--backend", backend, "--quiet", scripts[i % 2]]).Succeeded("iptables-atom").Time.TotalMilliseconds);
            (double Commit, double All) time = CommitTime.Of(atom, scripts[(i + 1) % 2]);
            commit.Add(time.Commit);
            all.Add(time.All);
            atom.Atom(["--backend", backend, "--quiet", scripts[i % 2]]).Succeeded("iptables-atom");
        }

        Console.WriteLine($"{title}, {backend}, median of {Runs}");
        double reference = Figures.Median(restore);
        TextTable table = new TextTable("", "time", "of restore")
            .Add("iptables-restore of the whole", Figures.Milliseconds(reference), "1.0 x");
        table.Add($"iptables-atom, its commit (goal: at most {goal} x)",
            Figures.Milliseconds(Figures.Median(commit)), Figures.Ratio(Figures.Median(commit) / reference));
        table.Add("iptables-atom, all from the end of the script on (staging read, plan, commit, verification)",
            Figures.Milliseconds(Figures.Median(all)), Figures.Ratio(Figures.Median(all) / reference));
        table.Add("iptables-atom, whole run with the script's own restore",
            Figures.Milliseconds(Figures.Median(whole)), Figures.Ratio(Figures.Median(whole) / reference));
        table.Print();
    }
}
