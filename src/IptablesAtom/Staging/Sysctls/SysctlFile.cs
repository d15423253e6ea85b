using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>A file below <c>/proc/sys</c>.</summary>
/// <param name="Mode">Its mode; here its owner's bits count for root too.</param>
/// <param name="Value">What it says; null when it cannot be read, as that of a trigger, or was not wanted.</param>
internal readonly record struct SysctlFile(UnixFileMode Mode, byte[]? Value)
{
    /// <summary>True if it can be set.</summary>
    internal bool IsWritable => (Mode & UnixFileMode.UserWrite) != 0;

    /// <summary>Reads one, as the calling thread sees it.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="onlyWritable">True if what cannot be set is not wanted.</param>
    internal static SysctlFile Read(string path, bool onlyWritable)
    {
        byte[]? value = KernelFile.TryRead(path, mode => !onlyWritable || (mode & (uint)UnixFileMode.UserWrite) != 0, out uint mode);
        return new SysctlFile(mode == 0 ? File.GetUnixFileMode(path) : (UnixFileMode)mode, value);
    }
}
