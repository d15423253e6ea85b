namespace IptablesAtom.Staging.Activity;

/// <summary>What becomes of a call that is no firewall command.</summary>
public enum CallFate
{
    /// <summary>It only reads, or acts on nothing but staging's firewall: the real program runs, and nothing is listed.</summary>
    Passed,

    /// <summary>It runs in staging, and what it did there ends with staging: routes, links, tc, conntrack.</summary>
    Staged,

    /// <summary>It would leave staging and act on the machine: it does not run, and the script is told that it succeeded.</summary>
    Withheld,

    /// <summary>It acts on the machine at once: files with saved rules, kernel modules that the rules need.</summary>
    Done,
}
