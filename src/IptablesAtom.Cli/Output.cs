using System.Text;

namespace IptablesAtom.Cli;

/// <summary>Data goes to standard output, messages to standard error.</summary>
/// <remarks>
/// Not through <see cref="Console.Out"/>: .NET's console writes terminal control sequences of its own at its first use, and takes
/// hold of the terminal's settings, which are the script's business.
/// </remarks>
internal static class Output
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Standard output; flushed by whoever writes to it.</summary>
    internal static TextWriter Data { get; } = new StreamWriter(Console.OpenStandardOutput(), Utf8, 1 << 16);

    /// <summary>Standard error, flushed at once.</summary>
    internal static TextWriter Messages { get; } = new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true };

    /// <summary>One message line, with the program's name before it as is the custom.</summary>
    internal static void Message(string sentence) => Messages.WriteLine($"iptables-atom: {sentence}");
}
