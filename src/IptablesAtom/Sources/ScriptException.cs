using IptablesAtom.Netlink;

namespace IptablesAtom.Sources;

/// <summary>The script cannot be run as it is: missing, not executable, a directory, without its interpreter. Nothing was started.</summary>
public sealed class ScriptException : AtomException
{
    internal ScriptException(string script, string message)
        : base(message) => Script = script;

    /// <summary>The script as it was given.</summary>
    public string Script { get; }
}
