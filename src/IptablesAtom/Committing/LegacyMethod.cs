namespace IptablesAtom.Committing;

/// <summary>How a legacy commit makes its change one step.</summary>
internal enum LegacyMethod
{
    /// <summary>No legacy table changes.</summary>
    Nothing,

    /// <summary>One table: one replace, which the kernel makes atomic.</summary>
    Replace,

    /// <summary>Several tables: old and new stand side by side, and one swap of two sets flips all.</summary>
    Switch,

    /// <summary>Several tables, and no ipset in the kernel: one replace after the other, under the lock.</summary>
    BackToBack,
}
