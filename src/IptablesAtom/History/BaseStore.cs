using IptablesAtom.Committing;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.History;

/// <summary>Keeps the <see cref="Base"/> of each network namespace on disk.</summary>
/// <remarks>
/// A file is replaced by rename(2) after it and before its directory are synchronised: after a power cut there is the old one or the
/// new one. Only root reads the directory (mode 0700). One run at a time writes: the lock of the commit is held.
/// </remarks>
public sealed class BaseStore
{
    /// <summary>The environment variable that names another directory.</summary>
    public const string DirectoryVariable = "IPTABLES_ATOM_STATE";

    private const string Suffix = ".base";
    private readonly string _directory;

    /// <summary>The store in a directory.</summary>
    /// <param name="directory">null: what <see cref="DirectoryVariable"/> names, else <c>/var/lib/iptables-atom</c>.</param>
    public BaseStore(string? directory = null) => _directory = Path.Combine(
        directory ?? (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } named ? named : "/var/lib/iptables-atom"),
        "base");

    /// <summary>What was applied last to a namespace; an empty base if nothing was.</summary>
    /// <param name="target">The namespace.</param>
    /// <exception cref="BaseStoreException">There is a file that cannot be read.</exception>
    public Base Read(NetworkNamespace target)
    {
        string path = PathOf(target);
        try
        {
            return BaseFormat.Read(path, File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Base();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BaseStoreException(path, $"cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// What is ours in a namespace, also when the last run was killed: it had written what it meant to leave beside the file, and whether it came to its commit is
    /// read from live.
    /// </summary>
    /// <param name="target">The namespace.</param>
    /// <param name="live">What is in it now.</param>
    /// <exception cref="BaseStoreException">There is a file that cannot be read.</exception>
    public Base Read(NetworkNamespace target, Snapshot live)
    {
        Base before = Read(target);
        string path = $"{PathOf(target)}.new";
        try
        {
            Base intended = BaseFormat.Read(path, File.ReadAllBytes(path));
            return BaseMatch.IsInForce(intended, before, live) ? intended : before;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BaseStoreException)
        {
            return before; // there is none, or the run was killed while it wrote it, before its commit
        }
    }

    /// <summary>Gets ready to remember what is ours in a namespace, before a commit: what can fail fails now.</summary>
    /// <param name="target">The namespace.</param>
    /// <param name="applied">What is ours in it after the commit.</param>
    /// <returns>To be called after the commit: remembers it, and forgets namespaces of earlier boots.</returns>
    /// <exception cref="BaseStoreException">It cannot be written; what was there before still is.</exception>
    /// <remarks>What is returned throws <see cref="CommitException"/>: by then live has changed.</remarks>
    public Action Prepare(NetworkNamespace target, Base applied)
    {
        string path = PathOf(target);
        byte[] content = BaseFormat.Write(applied);
        bool isKnown = false; // then nothing is written, and nothing waits for the disk
        Guard(path, () =>
        {
            Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            isKnown = File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
            if (!isKnown)
            {
                DurableFile.Prepare(path, content);
            }
        });
        return () =>
        {
            try
            {
                Guard(path, () => Complete(path, isKnown));
            }
            catch (BaseStoreException failure)
            {
                throw new CommitException(
                    $"the new firewall is in force, read back and equal; but which of its rules are the script's could not be recorded: {failure.Message}",
                    isRestored: false,
                    failure);
            }
        };
    }

    private void Complete(string path, bool isKnown)
    {
        if (isKnown)
        {
            DurableFile.Forget(path);
        }
        else
        {
            DurableFile.Complete(path);
        }

        foreach (string file in Directory.EnumerateFiles(_directory, $"*{Suffix}"))
        {
            if (NamespaceIdentity.IsOfEarlierBoot(Path.GetFileName(file)))
            {
                File.Delete(file);
            }
        }
    }

    private static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LinuxException)
        {
            throw new BaseStoreException(path, $"cannot be written: {exception.Message}; make room, or make it writable, and run again", exception);
        }
    }

    private string PathOf(NetworkNamespace target) => Path.Combine(_directory, NamespaceIdentity.NameOf(target) + Suffix);
}
