using IptablesAtom.Netlink;

namespace IptablesAtom.Staging;

/// <summary>A command of the script failed that may have wanted what the script made in an earlier run, and staging was without that.</summary>
internal sealed class SeedLacksException(string call)
    : AtomException($"\"{call}\" failed, and may want what an earlier run of the script left: it is run again from a copy of live");
