using Xunit;

namespace IptablesAtom.Tests.Architecture;

/// <summary>Small files, short lines.</summary>
public sealed class FileSizeTests
{
    private const int MaximumLineLength = 200;

    [Fact]
    public void FilesAreSmall()
    {
        int[] sizes = [.. SourceFile.Shipped.Select(file => file.Lines.Length).Order()];
        Assert.True(sizes[sizes.Length / 2] <= 80, $"the median of all files is {sizes[sizes.Length / 2]} lines: at most 80");
        Assert.True(sizes[sizes.Length * 9 / 10] <= 300, $"a tenth of all files has {sizes[sizes.Length * 9 / 10]} lines or more: at most 300");
        Assert.Empty(SourceFile.All.Where(file => file.Lines.Length > 500).Select(file => $"{file.Path}: {file.Lines.Length} lines"));
    }

    /// <summary>Not in tests: their data are lines of other programs.</summary>
    [Fact]
    public void LinesAreShort() =>
        Assert.Empty(SourceFile.All.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => file.Lines.Select((line, index) => (file.Path, Number: index + 1, line.Length)))
            .Where(line => line.Length > MaximumLineLength).Select(line => $"{line.Path}:{line.Number}"));

    [Fact]
    public void TheWholeProductIsOneShortFile() =>
        Assert.InRange(SourceFile.Shipped.Single(file => file.Path.EndsWith("/AtomicRun.cs", StringComparison.Ordinal)).Lines.Length, 20, 79);
}
