using System.Diagnostics;
using System.Globalization;

namespace IptablesAtom.Load;

/// <summary>
/// Another program that changes the firewall all the time, by the ordinary tools: rules first and last in a chain that is not its own, rules in a
/// chain of its own, entries of a set that is not its own, a set and tables of its own. It notes what it has done, so that a change that got lost shows.
/// </summary>
public sealed class ForeignWriter : IDisposable
{
    /// <summary>A set of the firewall under test, of type hash:ip, into which it puts entries too.</summary>
    public const string SharedSet = "friends4";

    private const string Script = """
        i="iptables-$BACKEND" j="ip6tables-$BACKEND" w= ; [ "$BACKEND" = nft ] || w=-w
        run() { if said=$("$@" 2>&1); then echo "$*"; else echo "failed: $* ($said)"; fi; }
        run $i $w -N theirs; run $i $w -I INPUT -s 10.0.0.1 -j theirs; run ipset create their hash:ip
        n=0
        change() {
            a="$(($2 / 250)).$(($2 % 250 + 1))"
            run $i $w $1 theirs -s 10.1.$a -j DROP
            run $i $w $3 INPUT -s 10.2.$a -j DROP
            run ipset $4 friends4 10.5.$a
            run $i $w $1 INPUT -s 10.3.$a -j DROP
            run $j $w $3 INPUT -s fd01::$(printf %x $2) -j DROP
            run ipset $4 their 10.6.$a
            if [ "$BACKEND" = nft ]; then run nft $5 table inet their$2; fi
        }
        while [ ! -e "$STOP" ]; do
            n=$((n + 1))
            change -A $n -I add add
            [ $n -le 20 ] || change -D $((n - 20)) -D del delete
        done
        """;

    private readonly string _stop = Path.Combine(Path.GetTempPath(), $"writer-{Guid.NewGuid():N}");
    private readonly string _namespacePath;
    private readonly string _backend;
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Dictionary<string, List<string>> _expected = [];

    private ForeignWriter(string namespacePath, string backend, string lockFile)
    {
        _namespacePath = namespacePath;
        _backend = backend;
        ProcessStartInfo start = new("nsenter", [$"--net={namespacePath}", "sh", "-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["XTABLES_LOCKFILE"] = lockFile;
        start.Environment["BACKEND"] = backend;
        start.Environment["STOP"] = _stop;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>How many changes it made; known after <see cref="Stop"/>.</summary>
    public int Changes { get; private set; }

    /// <summary>Starts it.</summary>
    /// <param name="namespacePath">The firewall's namespace.</param>
    /// <param name="backend">"nft" or "legacy".</param>
    /// <param name="lockFile">The xtables lock that all programs there take.</param>
    public static ForeignWriter Start(string namespacePath, string backend, string lockFile) => new(namespacePath, backend, lockFile);

    /// <summary>True for a line of <c>*-save</c> or <c>ipset save</c> that is its own.</summary>
    public static bool IsOwn(string line) =>
        line.Contains("theirs", StringComparison.Ordinal) || line.Contains(" their", StringComparison.Ordinal) || AddressOf(line) is not null;

    /// <summary>Lets it end after its present round, and compares what it did with what there is.</summary>
    /// <returns>One sentence for each chain, set or table where something is lost, too much or in another order; and for each command that failed.</returns>
    public IReadOnlyList<string> Stop()
    {
        File.WriteAllText(_stop, "");
        _process.WaitForExit();
        List<string> problems = [];
        foreach (string line in _output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("failed", StringComparison.Ordinal))
            {
                problems.Add(line);
            }
            else
            {
                Changes++;
                Note([.. line.Split(' ').Where(word => word != "-w")]);
            }
        }

        Dictionary<string, List<string>> found = Found();
        foreach ((string place, List<string> expected) in _expected)
        {
            List<string> there = found.GetValueOrDefault(place) ?? [];
            if (!there.SequenceEqual(place.Contains("INPUT", StringComparison.Ordinal) || place.Contains("theirs", StringComparison.Ordinal) ? expected : expected.Order(StringComparer.Ordinal)))
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{place}: {string.Join(' ', expected.Except(there))} lost; {string.Join(' ', there.Except(expected))} too much; {expected.Count} expected, {there.Count} found"));
            }
        }

        return problems;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.WriteAllText(_stop, "");
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_stop);
    }

    /// <summary>What a command that succeeded leaves: rules in the order of their chain.</summary>
    private void Note(string[] words)
    {
        switch (words)
        {
            case [_, "-A", var chain, "-s", var address, ..]:
                Place(words[0], chain).Add(address);
                break;
            case [_, "-I", var chain, "-s", var address, ..]:
                Place(words[0], chain).Insert(0, address);
                break;
            case [_, "-D", var chain, "-s", var address, ..]:
                Place(words[0], chain).Remove(address);
                break;
            case ["ipset", "add", var set, var address]:
                Place("ipset", set).Add(address);
                break;
            case ["ipset", "del", var set, var address]:
                Place("ipset", set).Remove(address);
                break;
            case ["nft", "add", "table", "inet", var table]:
                Place("nft", "inet").Add(table);
                break;
            case ["nft", "delete", "table", "inet", var table]:
                Place("nft", "inet").Remove(table);
                break;
        }
    }

    private Dictionary<string, List<string>> Found()
    {
        Dictionary<string, List<string>> found = [];
        string[] lines = Shell.Run(_namespacePath, $"""
            for t in iptables-{_backend} ip6tables-{_backend}; do $t-save -t filter | grep -e '^-A' | sed "s/^/$t /"; done
            ipset save | grep ^add | LC_ALL=C sort | sed 's/^add/ipset -A/'
            nft list tables inet | LC_ALL=C sort | sed 's/^table/nft -A/'
            """).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string[] words in lines.Select(line => line.Split(' ')))
        {
            string? own = words[0] == "nft" ? words[3] : AddressOf(string.Join(' ', words));
            if (own is not null)
            {
                string place = $"{words[0]} {words[2]}";
                (found.TryGetValue(place, out List<string>? there) ? there : found[place] = []).Add(own);
            }
        }

        return found;
    }

    private List<string> Place(string tool, string name)
    {
        string place = $"{tool} {name}";
        return _expected.TryGetValue(place, out List<string>? there) ? there : _expected[place] = [];
    }

    private static string? AddressOf(string line) => line.Split(' ').Select(word => word.Split('/')[0]).FirstOrDefault(word =>
        word.StartsWith("10.0.", StringComparison.Ordinal) || word.StartsWith("10.1.", StringComparison.Ordinal) || word.StartsWith("10.2.", StringComparison.Ordinal)
        || word.StartsWith("10.3.", StringComparison.Ordinal) || word.StartsWith("10.5.", StringComparison.Ordinal) || word.StartsWith("10.6.", StringComparison.Ordinal)
        || word.StartsWith("fd01::", StringComparison.Ordinal));
}
