using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>
/// The C library, the only foreign code that is called. One file a subject: <c>LibC.Socket.cs</c>, <c>LibC.Process.cs</c>...
/// Names and constants are the header's own.
/// </summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    /// <summary>Throws with the call's own text when a call returned -1; else passes its result on.</summary>
    internal static int Check(int result, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result == -1)
        {
            Throw(call);
        }

        return result;
    }

    /// <inheritdoc cref="Check(int, string)"/>
    internal static nint Check(nint result, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result == -1)
        {
            Throw(call);
        }

        return result;
    }

    /// <summary>The error number of the last call on this thread. Read it at once: any other call may change it.</summary>
    internal static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    [DoesNotReturn]
    private static void Throw(string call) => throw new LinuxException(call, LastErrno);
}
