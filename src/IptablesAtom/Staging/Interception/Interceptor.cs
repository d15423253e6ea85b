using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>Decides what happens to each call: answered at once and batched, or run by the real tool.</summary>
/// <remarks>
/// <para>Model: a <see cref="TableSession"/> for each (tool, back-end, table), and one for ipset.</para>
/// <para>Reasons: a call is only batched when its outcome is known; on any doubt what waits is flushed and the real tool runs.</para>
/// <para>What the kernel guarantees: nothing changes in staging but by the script's own calls, which all come through here, or by programs
/// that talk to the kernel themselves, for which <see cref="FlushAll"/> runs whenever the script is silent for a moment.</para>
/// <para>Threading: the server's thread only.</para>
/// </remarks>
internal sealed partial class Interceptor(StagingPlace place, Backend? plain, Lazy<SelfTest> test, int patience) : IDisposable
{
    private readonly Dictionary<(Family, Backend, string), TableSession> _sessions = [];
    private readonly Dictionary<(string, Backend, char), string?> _absentTexts = [];
    private readonly IpsetSession _ipset = new(place);
    private readonly IpsetSession _ipsetExist = new(place);

    /// <summary>True if something waits for its COMMIT, or a table is held open.</summary>
    internal bool HasPending => _sessions.Values.Any(session => session.HasPending || session.IsOpen);

    /// <summary>Decides. May throw <see cref="DivergenceException"/>.</summary>
    /// <param name="words">The arguments with argument 0.</param>
    /// <param name="isBusy">True while a forwarded call that may change something still runs.</param>
    internal Answer Decide(IReadOnlyList<string> words, bool isBusy)
    {
        Tool tool = Tool.Of(words.Count == 0 ? "" : words[0], plain);
        if (isBusy)
        {
            ForgetAll();
            DropIpset();
            return tool.Kind == ToolKind.Save ? Answer.Query : Answer.Change;
        }

        switch (tool.Kind)
        {
            case ToolKind.Command:
                return DecideCommand(tool, words);
            case ToolKind.Ipset:
                return DecideIpset(words);
            case ToolKind.Save:
                FlushAll();
                return Answer.Query;
            default:
                ForgetAll();
                DropNft();
                return Answer.Change;
        }
    }

    /// <summary>Brings everything into the kernel.</summary>
    internal void FlushAll()
    {
        foreach (TableSession session in _sessions.Values)
        {
            session.Flush();
        }
    }

    /// <summary>Lets go of what is known of tables and rules; everything is flushed.</summary>
    internal void Forget()
    {
        foreach (TableSession session in _sessions.Values)
        {
            session.Forget();
        }
    }

    /// <summary>Sends what was taken without waiting to the tools that will read it, while the server has nothing better to do.</summary>
    internal void Push()
    {
        foreach (TableSession session in _sessions.Values)
        {
            session.Push();
        }
    }

    /// <summary>Runs the real tool for a caller who is gone on; false if it fails or says anything, or cannot be given the words byte by byte.</summary>
    internal bool RunReal(IReadOnlyList<string> words)
    {
        if (!words.All(word => Ascii.IsValid(word)))
        {
            return false;
        }

        return Capture(Tool.Of(words[0], plain), words) is { Status.IsSuccess: true, Output.Length: 0, Error.Length: 0 };
    }

    /// <summary>Runs the real tool with the words of a call.</summary>
    private CapturedRun Capture(Tool tool, IReadOnlyList<string> words) => place.Capture([$"{InterceptionPaths.Programs}/{tool.Name}", .. words.Skip(1)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TableSession session in _sessions.Values)
        {
            session.Dispose();
        }

        DropIpset();
    }

    private void ForgetAll()
    {
        FlushAll();
        foreach (TableSession session in _sessions.Values)
        {
            session.Model = null;
        }
    }

    /// <summary>An idle nft coprocess holds references to the sets of rules that it has seen; only its end frees them.</summary>
    private void DropNft()
    {
        foreach (TableSession session in _sessions.Values.Where(session => session.Backend == Backend.Nft))
        {
            session.Drop();
        }
    }

    private void FlushTool(Tool tool, bool forget)
    {
        foreach (TableSession session in _sessions.Values)
        {
            if (session.Family == tool.Family && session.Backend == tool.Backend)
            {
                session.Flush();
                if (forget)
                {
                    session.Model = null;
                }
            }
        }
    }

    private TableSession SessionOf(Tool tool, string table)
    {
        if (!_sessions.TryGetValue((tool.Family, tool.Backend, table), out TableSession? session))
        {
            session = new TableSession(place, tool.Family, tool.Backend, table, patience);
            _sessions.Add((tool.Family, tool.Backend, table), session);
        }

        return session;
    }

    private TableModel? ModelOf(TableSession session)
    {
        if (session.Model is null)
        {
            session.Flush();
            string name = $"{(session.Family == Family.Ipv6 ? "ip6tables" : "iptables")}-{(session.Backend == Backend.Legacy ? "legacy" : "nft")}-save";
            var run = place.Capture($"{InterceptionPaths.Programs}/{name}", "-t", session.Table);
            if (!run.Status.IsSuccess)
            {
                return null;
            }

            session.Model = TableModel.Read(session.Table, session.Family, Encoding.Latin1.GetString(run.Output));
        }

        return session.Model;
    }
}
