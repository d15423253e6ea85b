namespace IptablesAtom.Sources;

/// <summary>A command as a user would type it in a shell.</summary>
internal static class ShellWords
{
    private const string NeedNoQuotes = "%+,-./:=@_^!";

    /// <summary>The words separated by blanks; those that a shell would read otherwise stand in single quotes.</summary>
    internal static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>One word.</summary>
    internal static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || NeedNoQuotes.Contains(c, StringComparison.Ordinal))
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
