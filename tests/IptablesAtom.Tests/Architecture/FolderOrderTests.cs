using System.Text.RegularExpressions;
using Xunit;

namespace IptablesAtom.Tests.Architecture;

/// <summary>The library's folders stand in the order in which the data goes through them: a later one may use an earlier one, never the other way.</summary>
public sealed partial class FolderOrderTests
{
    private const string Library = "src/IptablesAtom/";

    private static readonly string[] Order =
    [
        "Model", "Sources", "Staging", "Snapshots", "Planning", "Committing", "History", "Bundles", "PacketTests", "Export", "Doctor",
    ];

    [Fact]
    public void EveryFolderHasItsPlace()
    {
        IEnumerable<string> folders = SourceFile.Shipped.Where(file => file.Path.StartsWith(Library, StringComparison.Ordinal))
            .Select(file => file.Path[Library.Length..]).Where(path => path.Contains('/', StringComparison.Ordinal)).Select(path => path.Split('/')[0]);
        Assert.Empty(folders.Distinct().Except(Order));
    }

    [Fact]
    public void NoFolderUsesALaterOne()
    {
        List<string> wrong = [];
        int seen = 0;
        foreach (SourceFile file in SourceFile.Shipped.Where(file => file.Path.StartsWith(Library, StringComparison.Ordinal)))
        {
            int own = Array.IndexOf(Order, file.Path[Library.Length..].Split('/')[0]);
            foreach (string used in file.Lines.SelectMany(line => OwnNamespace().Matches(line)).Select(match => match.Groups[1].Value))
            {
                seen++;
                if (own >= 0 && Array.IndexOf(Order, used) > own)
                {
                    wrong.Add($"{file.Path} uses {used}");
                }
            }
        }

        Assert.Empty(wrong.Distinct());
        Assert.True(seen > 50, $"only {seen} uses were found: the pattern has lost its sense");
    }

    [Fact]
    public void NamespacesAreFolders()
    {
        IEnumerable<string> wrong =
            from file in SourceFile.All
            from line in file.Lines
            where line.StartsWith("namespace ", StringComparison.Ordinal)
            let name = line["namespace ".Length..].TrimEnd(';')
            let folder = Path.GetDirectoryName(file.Path)!
                .Replace("bench/PacketLoad", "bench/IptablesAtom.Load", StringComparison.Ordinal)
            where !folder.Replace('/', '.').EndsWith(name, StringComparison.Ordinal)
            select $"{file.Path} is in namespace {name}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"\bIptablesAtom\.(Model|Sources|Staging|Snapshots|Planning|Committing|History|Bundles|PacketTests|Export|Doctor)\b")]
    private static partial Regex OwnNamespace();
}
