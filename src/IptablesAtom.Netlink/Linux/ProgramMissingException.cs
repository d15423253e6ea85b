namespace IptablesAtom.Netlink.Linux;

/// <summary>A program that is needed is not installed.</summary>
public sealed class ProgramMissingException : AtomException
{
    internal ProgramMissingException(string program)
        : base($"\"{program}\" is not installed (looked on PATH, /usr/local/sbin, /usr/sbin and /sbin); install the package that has it")
        => Program = program;

    /// <summary>What was looked for.</summary>
    public string Program { get; }
}
