namespace IptablesAtom.Staging.Interception;

/// <summary>A match or target of a rule with its options, values that cannot matter to the kernel's judgement masked.</summary>
/// <param name="Name">The extension.</param>
/// <param name="Text">Its options.</param>
internal sealed record RuleAtom(string Name, string Text);
