using System.Formats.Tar;
using System.IO.Compression;

namespace IptablesAtom.Bundles;

/// <summary>The archive: gzip over ustar, with every field fixed that could tell one build from another.</summary>
internal static class BundleArchive
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The archive's bytes; the files stand in the order given.</summary>
    internal static byte[] Encode(IEnumerable<BundleFile> files)
    {
        using MemoryStream bytes = new();
        using (GZipStream zipped = new(bytes, CompressionLevel.Optimal, leaveOpen: true)) // its header carries no name and no time
        using (TarWriter archive = new(zipped, TarEntryFormat.Ustar))
        {
            foreach (BundleFile file in files)
            {
                archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file.Name)
                {
                    DataStream = new MemoryStream(file.Content),
                    Mode = Mode,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    UserName = "root",
                    GroupName = "root",
                });
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Writes beside the file and renames: a reader sees the old bundle or the whole new one.</summary>
    /// <exception cref="BundleException">It cannot be written.</exception>
    internal static void Write(string path, byte[] archive)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(directory) || Directory.Exists(path))
        {
            throw new BundleException($"the bundle \"{path}\" cannot be written: {(Directory.Exists(path) ? "it is a directory" : $"there is no directory {directory}")}");
        }

        string beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            File.WriteAllBytes(beside, archive);
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new BundleException($"the bundle \"{path}\" cannot be written: {exception.Message}");
        }
    }
}
