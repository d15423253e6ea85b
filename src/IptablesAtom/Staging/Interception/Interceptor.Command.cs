using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>Calls of iptables and ip6tables.</summary>
internal sealed partial class Interceptor
{
    private const string AbsentText = "Bad rule (does a matching rule exist";

    private Answer DecideCommand(Tool tool, IReadOnlyList<string> words)
    {
        if (CallParser.Parse(words, tool.Family) is not { } call)
        {
            FlushTool(tool, forget: true);
            return Answer.Change;
        }

        if (call.Command is 'L' or 'S')
        {
            FlushTool(tool, forget: false);
            return Answer.Query;
        }

        TableSession session = SessionOf(tool, call.Table);
        if (!session.IsRegistered())
        {
            FlushTool(tool, forget: false);
            return Answer.Change;
        }

        if (!session.IsWorthReading() || !test.Value.Acknowledges)
        {
            session.Flush();
            return call.Command == 'C' ? Answer.Query : Answer.Change;
        }

        if (call.WantsOutput || ModelOf(session) is not { } model)
        {
            session.Flush();
            session.Model = null;
            return Answer.Change;
        }

        if (call.Command == 'C' || (call.Command == 'D' && call.Number is null))
        {
            if (IsSurelyAbsent(session, model, call) && AbsentAnswer(tool, words, session, call.Command) is { } absent)
            {
                return absent;
            }
        }

        return call.Command == 'C' ? DecideCheck(session, model, call)
            : call.AddsRule ? DecideRule(session, model, call)
            : DecideOther(session, model, call);
    }

    /// <summary>-C: legacy restore answers it from memory; nft restore does not.</summary>
    private static Answer DecideCheck(TableSession session, TableModel model, ParsedCall call)
    {
        if (session.Backend == Backend.Legacy && model.Find(call.Chain!) is not null && session.Ask(RestoreLine.Join(call.Line)))
        {
            return Answer.Done;
        }

        session.Flush();
        return Answer.Query;
    }

    /// <summary>-A, -I, -R.</summary>
    private static Answer DecideRule(TableSession session, TableModel model, ParsedCall call)
    {
        RuleWords rule = call.Rule;
        ChainModel? chain = model.Find(call.Chain!);
        bool inPlace = call.Command == 'A' || (call.Command == 'I' && call.Number is null or 1);
        ChainModel? target = rule.Target is { } atom && !rule.IsVerdict ? model.Find(atom.Name) : null;
        if (chain is null || (session.Backend == Backend.Nft && (!inPlace || (rule.IsGoto && target is null))))
        {
            return Forward(session, model, call);
        }

        if (target is not null && !chain.Jumps.Contains(target.Name) && model.IsRiskyJump(chain.Name, target.Name))
        {
            Answer forward = Forward(session, model, call);
            session.Model = null;
            return forward;
        }

        List<string> parts = RuleShape.PartsOf(rule, chain, model);
        if (session.KnowsAsRefused(parts))
        {
            return Forward(session, model, call);
        }

        string line = RestoreLine.Join(call.Line);
        bool isTaken = !session.Knows(parts) ? session.Probe(line, parts)
            : inPlace && rule.HasValidValues && !rule.NamesSets ? session.Enqueue(line)
            : session.Submit(line);
        if (!isTaken)
        {
            return Forward(session, model, call);
        }

        model.Note(call.Chain!, rule);
        return Answer.Done;
    }

    private static Answer Forward(TableSession session, TableModel model, ParsedCall call)
    {
        session.Flush();
        model.Note(call.Chain!, call.Rule); // as if it succeeded: a sketch only ever says "maybe"
        return Answer.Change;
    }

    /// <summary>Commands without a rule to add.</summary>
    private static Answer DecideOther(TableSession session, TableModel model, ParsedCall call)
    {
        ChainModel? chain = call.Chain is null ? null : model.Find(call.Chain);
        bool exists = call.Chain is null || chain is not null;
        bool batches = session.Backend == Backend.Legacy
            ? call.Command == 'N' ? chain is null : exists
            : call.Command switch
            {
                'N' => chain is null && !call.Chain!.StartsWith('-'),
                'F' => exists,
                'P' => chain is { IsBuiltin: true } && (call.Second == "ACCEPT" || (call.Second == "DROP" && call.Table != "nat")),
                _ => false,
            };
        if (!batches || !session.Submit(RestoreLine.Join(call.Line)))
        {
            session.Flush();
            bool keepsChains = call.Command is 'D' or 'Z' or 'P' || (call.Command == 'N' ? chain is not null : call.Command != 'E' && !exists);
            session.Model = keepsChains ? model : null;
            return Answer.Change;
        }

        switch (call.Command)
        {
            case 'N':
                model.Add(call.Chain!);
                break;
            case 'F' when call.Chain is null:
                model.ClearAll();
                break;
            case 'F':
                chain!.Clear();
                break;
            case 'X' when call.Chain is not null:
                model.Remove(call.Chain);
                break;
            case 'X' or 'E':
                session.Model = null;
                break;
        }

        return Answer.Done;
    }

    /// <summary>True if no rule of the chain can be the one that was asked for, and the real tool would have no other complaint.</summary>
    private static bool IsSurelyAbsent(TableSession session, TableModel model, ParsedCall call) =>
        model.Find(call.Chain!) is { HasAllSketches: true } chain
        && call.Rule.HasValidValues
        && call.Rule.Sketch(model) is { IsWild: false } sketch
        && session.Knows(RuleShape.PartsOf(call.Rule, chain, model))
        && !chain.MayHold(sketch);

    /// <summary>What the real tool says then, learned from itself.</summary>
    private Answer? AbsentAnswer(Tool tool, IReadOnlyList<string> words, TableSession session, char command)
    {
        var key = (words[0], tool.Backend, command);
        if (!_absentTexts.TryGetValue(key, out string? text))
        {
            session.Flush();
            CapturedRun run = Capture(tool, words);
            string error = System.Text.Encoding.Latin1.GetString(run.Error);
            text = run.Status.Code == 1 && run.Output.Length == 0 && error.Contains(AbsentText, StringComparison.Ordinal) ? error : null;
            _absentTexts.Add(key, text);
        }

        return text is null ? null : new Answer(false, 1, text, false);
    }
}
