namespace IptablesAtom.Model;

/// <summary>What happens to a packet that leaves a base chain at its end.</summary>
public enum Policy
{
    /// <summary>NF_DROP.</summary>
    Drop = 0,

    /// <summary>NF_ACCEPT.</summary>
    Accept = 1,
}
