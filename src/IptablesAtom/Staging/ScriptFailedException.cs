using IptablesAtom.Netlink;

namespace IptablesAtom.Staging;

/// <summary>The script did not end well. Live was not touched.</summary>
public sealed class ScriptFailedException : AtomException
{
    internal ScriptFailedException(string message, ScriptResult result)
        : base(message) => Result = result;

    /// <summary>How it ended.</summary>
    public ScriptResult Result { get; }
}
