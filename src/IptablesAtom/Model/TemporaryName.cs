namespace IptablesAtom.Model;

/// <summary>Names of what exists during a commit only: sets and chains. They are no part of the firewall, and a crashed run's are known by them.</summary>
internal static class TemporaryName
{
    /// <summary>How they begin; then comes the run's own number in 8 hexadecimal digits.</summary>
    internal const string Prefix = "iptatom-";

    internal static bool Is(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
