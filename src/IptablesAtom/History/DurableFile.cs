using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.History;

/// <summary>Files that are whole after a power cut.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside the file, synchronises, renames over it, and synchronises the directory, which holds the name.</summary>
    internal static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.new";
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (FileStream file = new(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        using Descriptor directory = new(LibC.Check(LibC.open(Path.GetDirectoryName(path)!, LibC.O_RDONLY | LibC.O_CLOEXEC, 0)));
        LibC.Check(LibC.fsync(directory.Number));
    }
}
