using System.IO.Hashing;

namespace IptablesAtom.Model;

/// <summary>
/// What makes two rules the same: a 128-bit hash (XXH128) of the rule's bytes without its state, with the names of ipsets in place
/// of their indexes and chains' names in place of offsets. Equal across namespaces, reloads and, for one kernel, reboots.
/// </summary>
/// <param name="Value">The hash.</param>
public readonly record struct RuleKey(UInt128 Value)
{
    /// <summary>The key of normalised bytes.</summary>
    /// <param name="normalised">Made by the backend's reader.</param>
    public static RuleKey Of(ReadOnlySpan<byte> normalised) => new(XxHash128.HashToUInt128(normalised));
}
