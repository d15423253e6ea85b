namespace IptablesAtom.Staging.Interception;

/// <summary>What to do with a call.</summary>
/// <param name="IsForward">True: the caller runs the real tool. False: it exits at once.</param>
/// <param name="Status">The exit status then.</param>
/// <param name="Text">What goes to standard error then.</param>
/// <param name="IsMutating">A forward that may change something: while it runs, every other call is forwarded too.</param>
internal readonly record struct Answer(bool IsForward, byte Status, string Text, bool IsMutating)
{
    internal static Answer Done => new(false, 0, "", false);

    internal static Answer Query => new(true, 0, "", false);

    internal static Answer Change => new(true, 0, "", true);
}
