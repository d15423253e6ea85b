using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Ipset;

/// <summary>A live namespace, and what its sets shall become, made by commands in another one.</summary>
internal sealed class SetScene : IDisposable
{
    private readonly TestNamespace _staging = new();

    internal SetScene(string live, string staged)
    {
        Live.Sh($"ip link set lo up; {live}");
        _staging.Sh(staged);
    }

    internal TestNamespace Live { get; } = new();

    /// <summary>Sets that are equal but for their initial value do not change: hence without it.</summary>
    internal string StagedSave => SampleSets.SaveWithoutInitialValue(_staging);

    internal string LiveSave => SampleSets.SaveWithoutInitialValue(Live);

    /// <summary>The commit from what is live now to what is staged; sets that staging lacks go.</summary>
    internal SetCommit Commit(string[] referenced, bool rulesChange, Action<string>? step = null)
    {
        IReadOnlyList<IpSet> live = IpSetSnapshot.Read(Live.Namespace);
        IReadOnlyList<IpSet> staged = IpSetSnapshot.Read(_staging.Namespace);
        IEnumerable<string> names = staged.Select(set => set.Name).Union(live.Select(set => set.Name));
        SetChange[] changes = [.. names
            .Select(name => new SetChange(name, live.FirstOrDefault(set => set.Name == name), staged.FirstOrDefault(set => set.Name == name)))
            .Where(change => change.Live?.ContentHash != change.Desired?.ContentHash)];
        return new SetCommit(Live.Namespace, changes, live, referenced.ToHashSet(), rulesChange, step);
    }

    /// <summary>Loads a rule for OUTPUT as <c>iptables-restore</c> does, with the sets' names translated by the indexes a commit gives.</summary>
    internal void Load(string tool, string rule, Func<string, ushort> index)
    {
        using IpsetSocket sets = IpsetSocket.Open(Live.Namespace);
        string[] words = rule.Split(' ');
        for (int i = 1; i < words.Length; i++)
        {
            if (words[i - 1] is "--match-set" or "--add-set" or "--del-set")
            {
                words[i] = sets.FindName(index(words[i])) ?? throw new InvalidOperationException($"no set {words[i]}");
            }
        }

        Live.Sh($"{tool}-restore <<'E'\n*filter\n:OUTPUT ACCEPT\n{string.Join(' ', words)}\nCOMMIT\nE");
    }

    /// <summary>Which of the addresses 127.0.0.1 to 127.0.0.6 the rules drop: a send then fails.</summary>
    internal string Dropped() =>
        Live.Sh("bash -c 'for i in 1 2 3 4 5 6; do (echo > /dev/udp/127.0.0.$i/9) 2>/dev/null || printf $i; done'");

    public void Dispose()
    {
        Live.Dispose();
        _staging.Dispose();
    }
}
