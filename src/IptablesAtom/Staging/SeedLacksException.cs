using IptablesAtom.Netlink;

namespace IptablesAtom.Staging;

/// <summary>The script ended at a command that wanted what it had made itself in an earlier run, and staging was without that.</summary>
internal sealed class SeedLacksException(string call)
    : AtomException($"the script ended at \"{call}\", which wants what an earlier run of it left: it is run again from a copy of live");
