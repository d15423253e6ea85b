using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Sources;

/// <summary>What shall run in staging: a script or any program, with its arguments.</summary>
public sealed class ScriptCommand
{
    /// <summary>Takes the words of the command line: <c>SCRIPT ARG...</c>, or what stands after <c>--</c>.</summary>
    /// <param name="words">The script and its arguments, at least one word.</param>
    public ScriptCommand(IReadOnlyList<string> words)
    {
        ArgumentOutOfRangeException.ThrowIfZero(words.Count);
        Words = words;
    }

    /// <summary>The script as given, then its arguments.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The script as given: a path, or a name.</summary>
    public string Name => Words[0];

    /// <summary>
    /// The file to run: a name without a slash is looked for on PATH, then in the current directory.
    /// </summary>
    /// <returns>A path with a slash in it.</returns>
    /// <exception cref="ScriptException">It is not there or cannot be run; the message says what to do.</exception>
    public string Resolve()
    {
        string path = Name.Contains('/', StringComparison.Ordinal) ? Name
            : ProgramPath.FindOnPath(Name) ?? $"./{Name}";
        if (Directory.Exists(path))
        {
            throw Failure($"\"{Name}\" is a directory; give the script's file");
        }

        if (!File.Exists(path))
        {
            throw Failure(Name.Contains('/', StringComparison.Ordinal)
                ? $"there is no file \"{Name}\""
                : $"there is no program \"{Name}\" on PATH and no such file in the current directory");
        }

        CheckExecutable(path);
        CheckFirstLine(path);
        return path;
    }

    private void CheckExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (LibC.access(path, LibC.X_OK) == 0)
        {
            return;
        }

        string how = $"run it by its interpreter: iptables-atom -- sh {ShellWords.Quote(path)}";
        throw Failure((File.GetUnixFileMode(path) & Execute) == 0
            ? $"\"{Name}\" is not executable: chmod +x {ShellWords.Quote(path)}, or {how}"
            : $"\"{Name}\" may not be executed here (by its mode, or a file system mounted noexec): {how}");
    }

    /// <summary>What exec would only call "No such file or directory".</summary>
    private void CheckFirstLine(string path)
    {
        Span<byte> head = stackalloc byte[256]; // as much as the kernel reads (BINPRM_BUF_SIZE)
        try
        {
            using FileStream file = File.OpenRead(path);
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (UnauthorizedAccessException)
        {
            return; // a program may be executable without being readable
        }

        if (!head.StartsWith("#!"u8))
        {
            return;
        }

        int end = head.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = head[2..(end < 0 ? head.Length : end)];
        if (line.EndsWith("\r"u8))
        {
            throw Failure(
                $"the first line of \"{Name}\" ends with a carriage return, as files from Windows do, and the system looks for an interpreter of that name: "
                + $"sed -i 's/\\r$//' {ShellWords.Quote(path)}");
        }

        string interpreter = System.Text.Encoding.UTF8.GetString(line.Trim(" \t"u8));
        int blank = interpreter.IndexOfAny([' ', '\t']);
        interpreter = blank < 0 ? interpreter : interpreter[..blank];
        if (interpreter.Length > 0 && !File.Exists(interpreter))
        {
            throw Failure($"\"{Name}\" asks for the interpreter \"{interpreter}\" in its first line, and there is no such file: install it, or correct the line");
        }
    }

    private ScriptException Failure(string message) => new(Name, message);

    /// <inheritdoc/>
    public override string ToString() => ShellWords.Join(Words);
}
