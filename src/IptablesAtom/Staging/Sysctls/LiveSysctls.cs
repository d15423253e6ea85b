using System.Runtime.ExceptionServices;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>Live's sysctls, read by a thread of its own while staging is being made: there are more than a thousand files.</summary>
public sealed class LiveSysctls
{
    private readonly NetworkNamespace _live;
    private readonly Thread _reader;
    private SysctlTree? _tree;
    private Dictionary<string, byte[]> _values = [];
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins to read.</summary>
    /// <param name="live">The namespace; it must stay open until <see cref="SysctlShadow.Make"/> has ended.</param>
    public LiveSysctls(NetworkNamespace live)
    {
        _live = live;
        _reader = new Thread(Collect) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>All files and directories.</summary>
    internal SysctlTree Tree
    {
        get
        {
            _reader.Join();
            _failure?.Throw();
            return _tree!;
        }
    }

    /// <summary>The values of some files: those outside net/ are known by now.</summary>
    internal Dictionary<string, byte[]> Read(Func<SysctlTree, IEnumerable<string>> choose)
    {
        SysctlTree tree = Tree;
        return _live.Run(() => choose(tree).ToDictionary(
            path => path, path => _values.GetValueOrDefault(path) ?? ReadOne(path), StringComparer.Ordinal));
    }

    private void Collect()
    {
        try
        {
            (_tree, _values) = _live.Run(() =>
            {
                SysctlTree tree = SysctlTree.List("");
                IEnumerable<string> global = tree.Files
                    .Where(file => (file.Value & UnixFileMode.UserWrite) != 0 && !file.Key.StartsWith("net/", StringComparison.Ordinal)).Select(file => file.Key);
                return (tree, global.ToDictionary(path => path, ReadOne, StringComparer.Ordinal));
            });
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _failure = ExceptionDispatchInfo.Capture(failure); // thrown where it is asked for
        }
    }

    private static byte[] ReadOne(string path) => KernelFile.TryRead($"{SysctlTree.Root}/{path}") ?? [];
}
