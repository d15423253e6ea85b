using System.Text.RegularExpressions;
using Xunit;

namespace IptablesAtom.Tests.Architecture;

/// <summary>Rules that no analyzer knows.</summary>
public sealed partial class HouseRuleTests
{
    [Fact]
    public void ForeignFunctionsAreDeclaredInLibCOnly()
    {
        IEnumerable<SourceFile> others = SourceFile.Shipped.Where(file => !Path.GetFileName(file.Path).StartsWith("LibC.", StringComparison.Ordinal));
        Assert.Empty(Where(others, line => line.Contains("[LibraryImport", StringComparison.Ordinal) || line.Contains("[DllImport", StringComparison.Ordinal)));
    }

    [Fact]
    public void OneTypeAFile()
    {
        // Partial types, delegates and nested types do not count.
        IEnumerable<string> crowded =
            from file in SourceFile.Shipped
            let types = file.Lines.Count(line => TopLevelType().IsMatch(line))
            where types > 1
            select $"{file.Path}: {types} types";
        Assert.Empty(crowded);
        Assert.True(SourceFile.Shipped.Count(file => file.Lines.Any(line => TopLevelType().IsMatch(line))) > 50);
    }

    [Fact]
    public void NoTypeIsCalledByAnEmptyWord() =>
        Assert.Empty(Where(SourceFile.All, line => EmptyWord().IsMatch(line)));

    [Fact]
    public void NothingIsLeftForLater() =>
        Assert.Empty(Where(SourceFile.All.Where(file => !file.Path.EndsWith("/HouseRuleTests.cs", StringComparison.Ordinal)), line => LeftForLater().IsMatch(line)));

    [Fact]
    public void NoTestIsSkipped() =>
        Assert.Empty(Where(SourceFile.All.Where(file => !file.Path.EndsWith("/HouseRuleTests.cs", StringComparison.Ordinal)),
            line => line.Contains("Skip = \"", StringComparison.Ordinal) || line.Contains("Assert.Skip", StringComparison.Ordinal)));

    private static IEnumerable<string> Where(IEnumerable<SourceFile> files, Func<string, bool> holds) =>
        files.SelectMany(file => file.Lines.Select((line, index) => (line, Place: $"{file.Path}:{index + 1}: {line.Trim()}")))
            .Where(item => holds(item.line)).Select(item => item.Place);

    [GeneratedRegex(@"^(public |internal |file |sealed |static |abstract |readonly |ref |unsafe |partial )*(class|struct|record struct|record|enum|interface) \w+")]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\b(class|struct|record|enum|interface) \w*(Manager|Helper|Helpers|Util|Utils)\b")]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b")]
    private static partial Regex LeftForLater();
}
