using System.Text;
using IptablesAtom.Model;

namespace IptablesAtom.Committing;

/// <summary>What one message of a batch does, for the sentence that a refusal becomes.</summary>
/// <param name="Verb">For example <c>add rule</c>.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain; null if the message is about something else.</param>
/// <param name="Name">The set or object, or null.</param>
/// <param name="Rule">The rule, or null.</param>
internal readonly record struct NftOperation(string Verb, TableId Table, string? Chain = null, string? Name = null, Rule? Rule = null)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(Verb).Append(Name is null ? "" : $" {Name}").Append(" in ").Append(Table);
        if (Chain is not null)
        {
            text.Append(", chain ").Append(Chain);
        }

        if (Rule?.Text is { } words)
        {
            text.Append(": ").Append(words);
        }

        if (Rule?.Origin is { } origin)
        {
            text.Append(" (").Append(origin).Append(')');
        }

        return text.ToString();
    }
}
