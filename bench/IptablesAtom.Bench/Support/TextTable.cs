namespace IptablesAtom.Bench.Support;

/// <summary>A table on the terminal: the first column to the left, the others to the right.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> _rows = [];

    internal TextTable(params string[] header) => _rows.Add(header);

    internal TextTable Add(params string[] row)
    {
        _rows.Add(row);
        return this;
    }

    internal void Print()
    {
        int[] widths = [.. Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length))];
        for (int i = 0; i < _rows.Count; i++)
        {
            string[] cells = _rows[i];
            Console.WriteLine("  " + string.Join("   ", cells.Select((cell, column) =>
                column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
            if (i == 0)
            {
                Console.WriteLine("  " + string.Join("   ", widths.Select(width => new string('-', width))));
            }
        }

        Console.WriteLine();
    }
}
