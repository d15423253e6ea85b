using IptablesAtom.Netlink;

namespace IptablesAtom.History;

/// <summary>What this tool remembers of its rules cannot be read or written.</summary>
public sealed class BaseStoreException : AtomException
{
    internal BaseStoreException(string path, string what, Exception? inner = null)
        : base($"{path}: {what}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    internal static BaseStoreException Damaged(string path, string what) => new(
        path,
        $"{what}, so it is not known which of the live rules are of this tool. Remove the file: the next run then is like a first one "
        + "(--adopt keeps all rules that are live, --keep those you name)");
}
