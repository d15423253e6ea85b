using IptablesAtom.Model;

namespace IptablesAtom.Committing;

/// <summary>What a commit does with one ipset.</summary>
/// <param name="name">Its name.</param>
/// <param name="live">As the plan found it; null if it is not there.</param>
/// <param name="desired">As it shall be; null if it shall go.</param>
internal sealed class SetWork(string name, IpSet? live, IpSet? desired)
{
    internal string Name { get; } = name;

    internal IpSet? Live { get; } = live;

    internal IpSet? Desired { get; } = desired;

    /// <summary>Will be there, and differs from live.</summary>
    internal bool IsChanged => Live is not null && Desired is not null && !ReferenceEquals(Live, Desired);

    internal bool IsNew => Live is null;

    internal bool IsGone => Desired is null;

    internal bool IsList => (Desired ?? Live)!.TypeName == "list:set";

    /// <summary>Changed so that the kernel refuses to swap the old and the new one: they change places by renaming.</summary>
    internal bool IsRenamed => IsChanged && (Live!.TypeName != Desired!.TypeName || Live.Family != Desired.Family);

    /// <summary>A list that has, or had, a renamed member: it lets go of its members for the renaming and takes them again.</summary>
    internal bool IsRefilled { get; set; }

    /// <summary>How far the renaming is: 0 not begun, 1 the name is free, 2 the new set has it.</summary>
    internal int RenameStage { get; set; }

    /// <summary>The copy that rules look at from the flip until they look at the set again; null if they need none.</summary>
    internal string? FlipName { get; set; }

    /// <summary>Where the new content waits; after a swap the old content is here. Null if nothing is exchanged.</summary>
    internal string? NextName { get; set; }

    /// <summary>The old set's name once it is renamed.</summary>
    internal string? OldName { get; set; }

    internal ushort FlipIndex { get; set; }

    /// <summary>What the flip copy was filled with.</summary>
    internal IpSet? FlipContent { get; set; }

    /// <summary>The index that the set's name has in the end.</summary>
    internal ushort FinalIndex { get; set; }

    /// <summary>Where the old content is once the exchange is made.</summary>
    internal string? FormerName => IsRenamed ? OldName : NextName;
}
