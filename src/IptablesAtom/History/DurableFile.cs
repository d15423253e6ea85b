using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.History;

/// <summary>Files that are whole after a power cut.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside the file and synchronises: what can fail for want of space or rights fails here.</summary>
    internal static void Prepare(string path, ReadOnlySpan<byte> content)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using FileStream file = new(Beside(path), options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts what was prepared in the file's place: renames over it, and synchronises the directory, which holds the name.</summary>
    internal static void Complete(string path)
    {
        File.Move(Beside(path), path, overwrite: true);
        using Descriptor directory = new(LibC.Check(LibC.open(Path.GetDirectoryName(path)!, LibC.O_RDONLY | LibC.O_CLOEXEC, 0)));
        LibC.Check(LibC.fsync(directory.Number));
    }

    /// <summary>Removes what an earlier run prepared and never completed.</summary>
    internal static void Forget(string path) => File.Delete(Beside(path));

    private static string Beside(string path) => $"{path}.new";
}
