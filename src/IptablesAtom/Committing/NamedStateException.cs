using IptablesAtom.Netlink;

namespace IptablesAtom.Committing;

/// <summary>A hashlimit table of the old rules did not go away after they did, so that the new one cannot have its name.</summary>
public sealed class NamedStateException : AtomException
{
    internal NamedStateException(string name)
        : base($"the hashlimit table {name} of the old rules is still in use, by rules outside of this change; give the new one another name (--hashlimit-name)")
        => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }
}
