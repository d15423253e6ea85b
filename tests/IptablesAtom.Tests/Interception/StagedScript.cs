using System.Diagnostics;
using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Interception;

namespace IptablesAtom.Tests.Interception;

/// <summary>A script's run in network and mount namespaces of its own: plain, or with interception.</summary>
internal static class StagedScript
{
    internal sealed record Outcome(int Status, string Output, string Error, string Rules, IReadOnlyList<CallRecord> Calls)
    {
        internal string Seen => $"status {Status}\n--- stdout\n{Output}--- stderr\n{Error}--- rules\n{Rules}";
    }

    internal enum Way
    {
        Plain,
        Shim,
        Functions,

        /// <summary>Likewise; they go ahead where the script does not look at answers.</summary>
        Ahead,

        /// <summary>Shims that go ahead, in a script that gets no functions.</summary>
        AheadThroughShim,

        Exact,

        /// <summary>As on a kernel before 6.15.</summary>
        OldKernel,
    }

    /// <summary>Runs it.</summary>
    /// <param name="text">The script with its first line.</param>
    /// <param name="backend">"nft" or "legacy": what plain iptables is.</param>
    /// <param name="way">How.</param>
    /// <param name="shim">Another shim than the kept one.</param>
    /// <param name="patience">As <see cref="TableSession.Patience"/>; 0: what can be batched is, from a table's first call on.</param>
    internal static Outcome Run(string text, string backend, Way way, byte[]? shim = null, int patience = 0)
    {
        string directory = Directory.CreateTempSubdirectory("atom-test-").FullName;
        string script = Path.Combine(directory, "script");
        File.WriteAllText(script, text, Encoding.Latin1);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using Process holder = Start("unshare", ["-nm", "sh", "-c", Prepare(directory, backend)], directory);
        try
        {
            if (holder.StandardOutput.ReadLine() != "ready")
            {
                throw new InvalidOperationException("namespace tests need root: " + holder.StandardError.ReadToEnd());
            }

            return Run(holder.Id, script, directory, way, shim, patience);
        }
        finally
        {
            holder.StandardInput.Close();
            holder.WaitForExit();
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The default of the names is switched in the mount namespace alone: the alternatives are private copies.</summary>
    private static string Prepare(string directory, string backend) =>
        $"""
         set -e
         ip link set lo up
         mkdir {directory}/alternatives
         cp -a /etc/alternatives/. {directory}/alternatives/
         for t in iptables ip6tables; do for s in '' -save -restore; do ln -sf /usr/sbin/$t-{backend}$s {directory}/alternatives/$t$s; done; done
         mount --bind {directory}/alternatives /etc/alternatives
         mount -t tmpfs tmpfs /run
         echo ready
         read x || :
         """;

    private static Outcome Run(int holder, string script, string directory, Way way, byte[]? shim, int patience)
    {
        using NetworkNamespace network = NetworkNamespace.OfProcess(holder);
        using MountNamespace mounts = MountNamespace.OfProcess(holder);
        FirewallInterception? interception = null;
        ShellFunctions functions = ShellFunctions.None;
        if (way != Way.Plain)
        {
            ToolFiles tools = mounts.Run(network, () => ToolFiles.Find());
            functions = way switch
            {
                Way.Functions => ShellFunctions.For(script, tools, Acceleration.Waiting),
                Way.Ahead or Way.AheadThroughShim => ShellFunctions.For(script, tools, Acceleration.GoingAhead),
                _ => functions,
            };
            if (way is Way.Functions or Way.Ahead or Way.AheadThroughShim
                && ((functions.Text.Length == 0) != (way == Way.AheadThroughShim) || functions.MayGoAhead != (way != Way.Functions)))
            {
                throw new InvalidOperationException("this script is not treated as is to be tested");
            }

            interception = FirewallInterception.Start(
                network, mounts, tools, functions, accelerate: way != Way.Exact, way == Way.OldKernel, shim, patience: patience);
        }

        using (interception)
        {
            ProcessStartInfo start = Info("nsenter", [.. Enter(holder), .. functions.Interpreter, script], directory);
            foreach ((string name, string value) in functions.Environment)
            {
                start.Environment[name] = value;
            }

            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            interception?.Finish();
            return new Outcome(
                process.ExitCode, output.Replace(directory, "DIR", StringComparison.Ordinal), error.Result.Replace(directory, "DIR", StringComparison.Ordinal),
                Rules(holder, directory, way == Way.Plain ? "" : InterceptionPaths.Root), interception?.Calls ?? []);
        }
    }

    private static string[] Enter(int holder) => ["-t", holder.ToString(CultureInfo.InvariantCulture), "-n", "-m", "--wd=.", "--"];

    private static string Rules(int holder, string directory, string real)
    {
        string text =
            $$"""
            for b in nft legacy; do for t in iptables ip6tables; do
              echo "== $t-$b"; {{real}}/usr/sbin/xtables-$b-multi $t-save 2>/dev/null | grep -v '^#' | sed 's/\[[0-9]*:[0-9]*\]//'
            done; done
            echo == ipset; {{real}}/usr/sbin/ipset save | sed -e 's/ initval 0x[0-9a-f]*//' | LC_ALL=C sort
            """;
        using Process process = Start("nsenter", [.. Enter(holder), "sh", "-c", text], directory);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static Process Start(string program, string[] arguments, string directory) => Process.Start(Info(program, arguments, directory))!;

    private static ProcessStartInfo Info(string program, string[] arguments, string directory) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.Latin1,
        StandardErrorEncoding = Encoding.Latin1,
        WorkingDirectory = directory,
    };
}
