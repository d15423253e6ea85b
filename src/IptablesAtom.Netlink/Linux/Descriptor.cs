using Microsoft.Win32.SafeHandles;

namespace IptablesAtom.Netlink.Linux;

/// <summary>An open file descriptor that is closed when it is disposed of or forgotten.</summary>
public sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of an open descriptor.</summary>
    /// <param name="number">The descriptor's number.</param>
    public Descriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The number, for the calls of <see cref="LibC"/>; valid while this object lives.</summary>
    public int Number => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
