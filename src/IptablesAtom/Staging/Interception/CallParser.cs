using System.Globalization;
using IptablesAtom.Model;

namespace IptablesAtom.Staging.Interception;

/// <summary>
/// Reads the arguments of iptables and ip6tables. It knows a part of their language and nothing but that part: a word
/// that it is not sure of makes the whole call "not understood", and the real tool gets it.
/// </summary>
internal sealed partial class CallParser
{
    /// <summary>The real limits of a restore line are 250 words, 1,023 bytes a word and 10,240 bytes; these stay well below.</summary>
    private const int MaxWords = 200, MaxWord = 900, MaxBytes = 4000, MaxChainName = 28;

    private const string CommandsWithChain = "AIRDCNPE";

    private static readonly string[] Tables = ["filter", "nat", "mangle", "raw", "security"];

    private readonly IReadOnlyList<string> _words;
    private readonly Family _family;
    private readonly ParsedCall _call = new();
    private int _next = 1;
    private string? _pendingNot;
    private RuleAtomBuilder? _atom;

    private CallParser(IReadOnlyList<string> words, Family family) => (_words, _family) = (words, family);

    /// <summary>The call, or null if it is not understood.</summary>
    /// <param name="words">The arguments with argument 0, bytes as Latin-1.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    internal static ParsedCall? Parse(IReadOnlyList<string> words, Family family)
    {
        if (words.Count > MaxWords || words.Sum(word => word.Length + 1) > MaxBytes
            || words.Any(word => word.Length > MaxWord || word.Contains('\n', StringComparison.Ordinal)))
        {
            return null;
        }

        CallParser parser = new(words, family);
        return parser.ReadAll() ? parser._call : null;
    }

    private bool ReadAll()
    {
        while (_next < _words.Count)
        {
            string word = _words[_next++];
            if (word == "!")
            {
                if (_pendingNot is not null)
                {
                    return false;
                }

                _pendingNot = word;
                _call.Line.Add(word);
            }
            else if (!ReadWord(word))
            {
                return false;
            }
        }

        _atom?.Close();
        return _pendingNot is null && _call.Command != 0 && IsComplete();
    }

    private bool ReadWord(string word)
    {
        if (ReadTableOrWait(word) is { } taken)
        {
            return taken && _pendingNot is null;
        }

        if (CommandOf(word) is { } command)
        {
            return _pendingNot is null && ReadCommand(command);
        }

        if (word is "-v" or "--verbose" or "-n" or "--numeric" or "-x" or "--exact" or "--line-numbers")
        {
            _call.WantsOutput = true;
            _call.Line.Add(word);
            return _pendingNot is null;
        }

        return ReadOption(word);
    }

    /// <summary>True: it was one and is read. False: one that is not understood. Null: another word.</summary>
    private bool? ReadTableOrWait(string word)
    {
        switch (word)
        {
            case "-t" or "--table":
                return _next < _words.Count && SetTable(_words[_next++]);
            case "-w" or "--wait":
                if (_next < _words.Count && _words[_next] is { Length: > 0 } number && char.IsAsciiDigit(number[0]))
                {
                    _next++;
                    return number.Length < 6 && number.All(char.IsAsciiDigit);
                }

                return true;
        }

        if (word.StartsWith("--table=", StringComparison.Ordinal))
        {
            return SetTable(word[8..]);
        }

        if (word.StartsWith("--wait=", StringComparison.Ordinal))
        {
            return word.Length is > 7 and < 12 && word.AsSpan(7).IndexOfAnyExceptInRange('0', '9') < 0;
        }

        return word.StartsWith("-t", StringComparison.Ordinal) ? SetTable(word[2..]) : null;
    }

    private bool SetTable(string name)
    {
        _call.Table = name;
        return Array.IndexOf(Tables, name) >= 0;
    }

    internal static char? CommandOf(string word) => word switch
    {
        "-A" or "--append" => 'A',
        "-I" or "--insert" => 'I',
        "-R" or "--replace" => 'R',
        "-D" or "--delete" => 'D',
        "-C" or "--check" => 'C',
        "-N" or "--new-chain" or "--new" => 'N',
        "-X" or "--delete-chain" => 'X',
        "-F" or "--flush" => 'F',
        "-Z" or "--zero" => 'Z',
        "-P" or "--policy" => 'P',
        "-E" or "--rename-chain" => 'E',
        "-L" or "--list" => 'L',
        "-S" or "--list-rules" => 'S',
        _ => null,
    };

    private bool ReadCommand(char command)
    {
        if (_call.Command != 0)
        {
            return false;
        }

        _call.Command = command;
        _call.Line.Add($"-{command}");
        bool needsChain = CommandsWithChain.Contains(command, StringComparison.Ordinal);
        if (NextBareWord() is not { } chain)
        {
            return !needsChain;
        }

        if (chain.Length is 0 or > MaxChainName)
        {
            return false;
        }

        _call.Chain = chain;
        return ReadAfterChain(command);
    }

    private bool ReadAfterChain(char command)
    {
        switch (command)
        {
            case 'I' or 'R' or 'D' or 'Z' or 'L' or 'S':
                if (NextBareWord() is not { } text)
                {
                    return command != 'R';
                }

                if (text.Length is 0 or > 8 || !text.All(char.IsAsciiDigit) || text[0] == '0')
                {
                    return false;
                }

                _call.Number = int.Parse(text, CultureInfo.InvariantCulture);
                return true;
            case 'P' or 'E':
                _call.Second = NextBareWord();
                return _call.Second is { Length: > 0 and <= MaxChainName };
            default:
                return true;
        }
    }

    /// <summary>The next word if it is no option and no negation; it becomes part of the line.</summary>
    private string? NextBareWord()
    {
        if (_next == _words.Count || _words[_next] is not { } word || word.StartsWith('-') || word == "!")
        {
            return null;
        }

        _next++;
        _call.Line.Add(word);
        return word;
    }

    private bool IsComplete() => _call.Command switch
    {
        'A' or 'I' or 'R' or 'C' => true,
        'D' => _call.Number is null || !_call.HasRule,
        'N' => !_call.HasRule && !_call.WantsOutput && _call.Line.Count == 2,
        _ => !_call.HasRule,
    };
}
