namespace IptablesAtom.Staging.Activity;

/// <summary>What a caller of one of the <see cref="HostTools"/> shall do.</summary>
/// <param name="Runs">True: run the real program. False: exit at once.</param>
/// <param name="Call">The call, if it is listed.</param>
/// <param name="Status">The exit status, if it does not run.</param>
/// <param name="Text">What goes to standard error then.</param>
internal readonly record struct HostReply(bool Runs, HostCall? Call, byte Status = 0, string Text = "");
