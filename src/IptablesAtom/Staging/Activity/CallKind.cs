namespace IptablesAtom.Staging.Activity;

/// <summary>What a call is about, and what becomes of it.</summary>
/// <param name="Subject">In a word: route, link, tc, module, service...</param>
/// <param name="Fate">What becomes of it.</param>
internal readonly record struct CallKind(string Subject, CallFate Fate)
{
    internal static CallKind Passed => new("", CallFate.Passed);

    internal static CallKind Staged(string subject) => new(subject, CallFate.Staged);

    internal static CallKind Withheld(string subject) => new(subject, CallFate.Withheld);
}
