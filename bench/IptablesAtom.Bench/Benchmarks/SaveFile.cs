using System.Globalization;
using System.Text;
using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>Big rulesets as iptables-restore reads them, and the scripts that load them.</summary>
internal static class SaveFile
{
    private const int RulesPerChain = 500;

    /// <summary>Writes a filter table and gives its path.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="rules">How many rules, in chains of 500.</param>
    /// <param name="action">Of each rule.</param>
    /// <param name="changed">Another port for the rule in the middle.</param>
    internal static string Write(string name, int rules, string action, int changed = 80)
    {
        StringBuilder text = new("*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n");
        int chains = (rules + RulesPerChain - 1) / RulesPerChain;
        for (int chain = 0; chain < chains; chain++)
        {
            text.Append(CultureInfo.InvariantCulture, $":PART{chain} -\n");
        }

        for (int rule = 0; rule < rules; rule++)
        {
            int port = rule == rules / 2 ? changed : 80;
            text.Append(CultureInfo.InvariantCulture,
                $"-A PART{rule / RulesPerChain} -s 10.{rule >> 16}.{rule >> 8 & 255}.{rule & 255} -p tcp --dport {port} -j {action}\n");
        }

        string path = Path.Combine(Cleanup.Directory, name);
        File.WriteAllText(path, text.Append("COMMIT\n").ToString());
        return path;
    }

    /// <summary>Writes a script that loads such a file, and gives its path.</summary>
    internal static string Script(string file)
    {
        string path = file + ".sh";
        File.WriteAllText(path, $"#!/bin/sh\nexec iptables-restore {file}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
