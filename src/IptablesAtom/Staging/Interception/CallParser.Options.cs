using IptablesAtom.Model;

namespace IptablesAtom.Staging.Interception;

/// <summary>The options of a rule: their values masked for the shape, and read for the sketch.</summary>
internal sealed partial class CallParser
{
    private bool ReadOption(string word)
    {
        string name = word, first;
        bool joined = false;
        int equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        if (equals > 0)
        {
            (name, joined) = (word[..equals], true);
        }

        if (!OptionTable.TryGet(name, out OptionKind kind) || (joined && kind is OptionKind.Flag or OptionKind.TwoLiterals && joined))
        {
            return false;
        }

        string not = _pendingNot is null ? "" : "! ";
        _pendingNot = null;
        _call.HasRule = true;
        _call.Line.Add(word);
        if (kind == OptionKind.Flag)
        {
            Put(name, kind, not + name);
            return true;
        }

        if (joined)
        {
            first = word[(equals + 1)..];
            _call.Rule.HasValidValues = false; // iptables 1.8.9 takes --protocol tcp and not --protocol=tcp
        }
        else if (!TakeValue(out first))
        {
            return false;
        }

        if (first == "!")
        {
            return false;
        }

        if (kind == OptionKind.TwoLiterals)
        {
            if (!TakeValue(out string second))
            {
                return false;
            }

            Put(name, kind, $"{not}{name} {first} {second}");
            return true;
        }

        ReadValue(name, kind, not, first);
        return true;
    }

    private bool TakeValue(out string value)
    {
        value = _next < _words.Count ? _words[_next] : "!";
        if (value == "!")
        {
            return false;
        }

        _next++;
        _call.Line.Add(value);
        return true;
    }

    private void ReadValue(string name, OptionKind kind, string not, string value)
    {
        RuleWords rule = _call.Rule;
        switch (kind)
        {
            case OptionKind.Source or OptionKind.Destination:
                (string address, bool valid) = OptionValue.Address(value, _family);
                rule.HasValidValues &= valid;
                string part = not.Length > 0 ? RuleSketch.Any : address;
                if (kind == OptionKind.Source)
                {
                    rule.Source = rule.Source.Length > 0 ? RuleSketch.Any : part;
                }
                else
                {
                    rule.Destination = rule.Destination.Length > 0 ? RuleSketch.Any : part;
                }

                Put(name, kind, $"{not}{name} A");
                break;
            case OptionKind.Interface:
                rule.HasValidValues &= OptionValue.IsInterface(value);
                Put(name, kind, $"{not}{name} I");
                break;
            case OptionKind.Port or OptionKind.DestinationPort:
                rule.HasValidValues &= OptionValue.IsPortRange(value);
                if (kind == OptionKind.DestinationPort)
                {
                    bool plain = name == "--dport" && not.Length == 0 && rule.Port.Length == 0 && OptionValue.IsPort(value);
                    rule.Port = plain ? value : RuleSketch.Any;
                }

                Put(name, kind, $"{not}{name} N");
                break;
            case OptionKind.Ports:
                rule.HasValidValues &= OptionValue.IsPortList(value);
                Put(name, kind, $"{not}{name} NN");
                break;
            case OptionKind.Comment:
                rule.HasValidValues &= OptionValue.IsComment(value);
                Put(name, kind, $"{not}{name} C");
                break;
            case OptionKind.NatAddress:
                Put(name, kind, $"{not}{name} {OptionValue.NatMask(value)}");
                break;
            case OptionKind.Protocol:
                bool twice = rule.Protocol.Length > 0;
                rule.Protocol += $"{not}{value};";
                rule.SketchProtocol = not.Length > 0 || twice ? RuleSketch.Any : OptionValue.Protocol(value);
                Put(name, kind, $"{not}{name} {value}");
                break;
            case OptionKind.Match:
                Open(value, not + value, rule.Matches.Add);
                break;
            case OptionKind.Jump or OptionKind.Goto:
                bool second = rule.Target is not null || _hasTarget;
                rule.HasValidValues &= !second;
                _hasTarget = true;
                rule.IsGoto = kind == OptionKind.Goto;
                Open(value, $"{not}{name} {value}", atom => rule.Target = atom);
                break;
            default:
                Put(name, kind, $"{not}{name} {value}");
                break;
        }
    }

    private bool _hasTarget;

    private void Open(string name, string text, Action<RuleAtom> done)
    {
        _atom?.Close();
        _atom = new RuleAtomBuilder(name, text, done);
    }

    private void Put(string name, OptionKind kind, string text)
    {
        if (_atom is null || OptionTable.IsBase(name, kind) || kind == OptionKind.Protocol)
        {
            _call.Rule.Base += $" {text}";
        }
        else
        {
            _atom.Add(text);
        }
    }
}
