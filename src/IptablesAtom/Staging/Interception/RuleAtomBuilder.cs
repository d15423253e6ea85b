using System.Text;

namespace IptablesAtom.Staging.Interception;

/// <summary>Collects the options that follow a -m or -j, which belong to it.</summary>
internal sealed class RuleAtomBuilder(string name, string first, Action<RuleAtom> done)
{
    private readonly StringBuilder _text = new(first);

    internal void Add(string text) => _text.Append(' ').Append(text);

    internal void Close() => done(new RuleAtom(name, _text.ToString()));
}
