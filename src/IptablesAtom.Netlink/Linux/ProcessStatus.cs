using System.Globalization;
using System.Text;

namespace IptablesAtom.Netlink.Linux;

/// <summary>What /proc/PID/stat says of a process.</summary>
/// <param name="Name">Its name, 15 bytes at most.</param>
/// <param name="State">R, S, Z...</param>
/// <param name="Parent">Its parent.</param>
/// <param name="Group">Its process group.</param>
/// <param name="StartTime">When it was started, in clock ticks since boot.</param>
internal readonly record struct ProcessStatus(string Name, char State, int Parent, int Group, ulong StartTime)
{
    /// <summary>Of every process.</summary>
    internal static Dictionary<int, ProcessStatus> All()
    {
        Dictionary<int, ProcessStatus> all = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(directory.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Read(pid) is { } status)
            {
                all[pid] = status;
            }
        }

        return all;
    }

    /// <summary>Of one; null when there is none. The name stands in parentheses and may hold some itself.</summary>
    internal static ProcessStatus? Read(int pid)
    {
        string stat = Encoding.UTF8.GetString(KernelFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")) ?? []);
        int close = stat.LastIndexOf(')');
        if (close < 0)
        {
            return null;
        }

        // Behind the name: state 0, parent 1, group 2, ... start time 19.
        string[] fields = stat[(close + 2)..].Split(' ');
        return new ProcessStatus(
            stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..close],
            fields[0][0],
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }
}
