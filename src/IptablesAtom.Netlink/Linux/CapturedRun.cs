using System.Text;

namespace IptablesAtom.Netlink.Linux;

/// <summary>What a program gave that ran to its end.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CapturedRun(ExitStatus Status, byte[] Output, byte[] Error)
{
    /// <summary>The standard output as text; bytes that are no UTF-8 become U+FFFD.</summary>
    internal string OutputText => Encoding.UTF8.GetString(Output);

    /// <summary>The standard error as text.</summary>
    internal string ErrorText => Encoding.UTF8.GetString(Error);
}
