namespace IptablesAtom.Staging.Interception;

/// <summary>What is known of a chain without asking the kernel.</summary>
internal sealed class ChainModel(string name, bool isBuiltin)
{
    private readonly HashSet<RuleSketch> _sketches = [];
    private readonly HashSet<RuleSketch> _wild = [];

    internal string Name { get; } = name;

    internal bool IsBuiltin { get; } = isBuiltin;

    /// <summary>The chains that it was ever seen to jump or go to since it was last empty.</summary>
    internal HashSet<string> Jumps { get; } = new(StringComparer.Ordinal);

    /// <summary>False if it may hold rules of which there is no sketch.</summary>
    internal bool HasAllSketches { get; set; } = true;

    /// <summary>True if it holds a match or target that the kernel takes from some hooks only.</summary>
    internal bool IsHookBound { get; set; }

    /// <summary>The longest way of jumps that is known to lead here.</summary>
    internal int Depth { get; set; }

    /// <summary>Deleting a rule keeps its sketch: a sketch only ever says "maybe".</summary>
    internal void Note(RuleSketch sketch) => (sketch.IsWild ? _wild : _sketches).Add(sketch);

    /// <summary>True if a rule of this sketch can be in the chain.</summary>
    internal bool MayHold(RuleSketch sketch) => sketch.IsWild || _sketches.Contains(sketch) || _wild.Any(sketch.CanEqual);

    internal void Clear()
    {
        _sketches.Clear();
        _wild.Clear();
        Jumps.Clear();
        HasAllSketches = true;
        IsHookBound = false;
    }
}
