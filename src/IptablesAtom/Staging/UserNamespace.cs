using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Interception;

namespace IptablesAtom.Staging;

/// <summary>Staging for ordinary users: this program becomes root of a user namespace of its own, in which it may make network and mount namespaces.</summary>
/// <remarks>
/// <para>unshare(1) does it, because unshare(2) refuses processes with threads. It replaces this process and starts this program again in its place: same process id,
/// terminal and signals.</para>
/// <para>What the kernel guarantees: root there has its powers over what was made there only; the host's firewall can be neither read nor changed.</para>
/// </remarks>
public static class UserNamespace
{
    /// <summary>The first argument of the program when it has been started again.</summary>
    private const string Verb = "__rootless";

    /// <summary>True if this process is root of its own user namespace only: live's rules and sets are out of sight.</summary>
    public static bool IsInside { get; private set; }

    /// <summary>Takes our own word off the program's arguments.</summary>
    /// <param name="arguments">As the program got them.</param>
    public static string[] Unwrap(string[] arguments)
    {
        IsInside = arguments is [Verb, ..];
        return IsInside ? arguments[1..] : arguments;
    }

    /// <summary>Returns at once if the caller can stage as it is; else does not return: the program starts again with the same arguments.</summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <exception cref="PrivilegeException">No user namespace can be made here; the message says why.</exception>
    public static void EnterIfNeeded(IReadOnlyList<string> arguments)
    {
        if (IsInside || Privileges.CanStage)
        {
            return;
        }

        // With --map-auto the ids of /etc/subuid are there as well, for rules and files of other users; it needs newuidmap(1) and entries for this user.
        string[] plain = ["unshare", "--user", "--map-root-user"];
        string[] withOthers = [.. plain, "--map-auto"];
        string[] chosen = Try(withOthers) is null ? withOthers : plain;
        if (chosen == plain && Try(plain) is { } refusal)
        {
            throw new PrivilegeException($"this needs root, or user namespaces, and there are none for this user: {Obstacle()?.Setting ?? $"{refusal} (containers often forbid it)"}");
        }

        Errno errno = Spawn.Become(ProgramPath.Find(chosen[0]), [.. chosen, "--", Environment.ProcessPath!, Verb, .. arguments]);
        throw new PrivilegeException($"unshare cannot be started: {LinuxException.Describe(errno)}");
    }

    /// <summary>What to do about failed rules that name other users; empty if that is not the matter.</summary>
    internal static string Advice(IEnumerable<CallRecord> failed) =>
        IsInside && failed.Any(call => call.Words.Any(word => word is "--uid-owner" or "--gid-owner")) && File.ReadLines("/proc/self/uid_map").Count() == 1
            ? "; only your own user exists in this staging: rules for others need newuidmap (package uidmap) and an entry for you in /etc/subuid and /etc/subgid" : "";

    /// <summary>What unshare says against it; null if it works.</summary>
    private static string? Try(IReadOnlyList<string> command)
    {
        CapturedRun run = Spawn.Capture(null, [.. command, "true"]);
        return run.Status.IsSuccess ? null : System.Text.Encoding.UTF8.GetString(run.Error).Trim();
    }

    /// <summary>Which setting of this host forbids them to ordinary users, and whether to all of them; null if none does.</summary>
    internal static (string Setting, bool ToAll)? Obstacle() =>
        Is("/proc/sys/kernel/unprivileged_userns_clone", "0") ? ("kernel.unprivileged_userns_clone is 0", true)
        : Is("/proc/sys/user/max_user_namespaces", "0") ? ("user.max_user_namespaces is 0", true)
        : Is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")
            ? ("kernel.apparmor_restrict_unprivileged_userns is 1, so AppArmor allows them only to programs with a profile that says \"userns,\"", false)
        : null;

    private static bool Is(string file, string value) => KernelFile.TryRead(file) is { } content && System.Text.Encoding.ASCII.GetString(content).Trim() == value;
}
