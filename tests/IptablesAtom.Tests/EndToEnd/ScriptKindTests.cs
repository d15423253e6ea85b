using System.Diagnostics;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>Whatever a script is written in, and however it calls the tools, a run ends with the rules and sets of a direct run.</summary>
public sealed class ScriptKindTests : IDisposable
{
    private const string Shell =
        """
        iptables -N web
        for port in 80 443; do iptables -A web -p tcp --dport $port -j ACCEPT; done
        iptables -A INPUT -j web
        ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
        ipset create -exist crowd hash:net
        ipset add crowd 198.51.100.0/24 -exist
        iptables -I INPUT -m set --match-set crowd src -j DROP
        if ! iptables -C INPUT -s 192.0.2.1 -j DROP 2>/dev/null; then iptables -A INPUT -s 192.0.2.1 -j DROP; fi
        iptables -D INPUT -s 192.0.2.9 -j DROP 2>/dev/null
        iptables -P FORWARD DROP

        """;

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["no first line"] = Shell,
        ["sh"] = "#!/bin/sh\n" + Shell,
        ["dash"] = "#!/bin/dash\nset -u\n" + Shell,
        ["bash"] = "#!/bin/bash\nset -o pipefail\ndeclare -A ports=([http]=8080)\n" + Shell + "iptables -A web -p tcp --dport \"${ports[http]}\" -j ACCEPT\n",
        ["zsh"] = "#!/bin/zsh\ntypeset -a hosts; hosts=(10.0.0.1 10.0.0.2)\n" + Shell + "for h in $hosts; do iptables -A web -s $h -j DROP; done\n",
        ["busybox"] = "#!/bin/busybox sh\n" + Shell,
        ["python"] =
            """
            #!/usr/bin/env python3
            import os, subprocess
            subprocess.run(["iptables", "-N", "web"], check=True)
            subprocess.check_call("iptables -A web -p tcp --dport 80 -j ACCEPT", shell=True)
            if os.system("iptables -C INPUT -j web 2>/dev/null") != 0:
                os.system("iptables -A INPUT -j web")
            pid = os.posix_spawnp("ip6tables", ["ip6tables", "-P", "INPUT", "DROP"], os.environ)
            os.waitpid(pid, 0)
            print(subprocess.run(["iptables", "-S", "web"], capture_output=True, text=True).stdout)
            subprocess.run(["iptables-restore", "-n"], input="*nat\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n", text=True, check=True)
            """,
        ["perl"] =
            """
            #!/usr/bin/perl
            use strict;
            system("iptables", "-N", "web") == 0 or die;
            system("iptables -A web -p tcp --dport 80 -j ACCEPT && iptables -A INPUT -j web");
            my $listing = `iptables -S web`;
            open(my $restore, "|-", "ip6tables-restore", "--noflush") or die;
            print $restore "*filter\n-A INPUT -s 2001:db8::/32 -j DROP\nCOMMIT\n";
            close($restore) or die;
            exec("iptables", "-A", "INPUT", "-m", "comment", "--comment", $listing =~ /dport 80/ ? "seen" : "lost", "-j", "RETURN");
            """,
        ["ways of calling"] =
            """
            #!/bin/sh
            set -e
            /sbin/iptables -N web
            /usr/sbin/iptables -A web -p tcp --dport 80 -j ACCEPT
            sudo iptables -A web -p tcp --dport 443 -j ACCEPT
            sudo -u root env A=1 /usr/sbin/ip6tables -A INPUT -j DROP
            env -i PATH=/usr/sbin:/usr/bin iptables -A web -s 10.0.0.1 -j DROP
            printf '%s\n' 10.0.1.1 10.0.1.2 10.0.1.3 | xargs -n 1 -I{} iptables -A web -s {} -j DROP
            printf '%s ' -A web -s 10.0.2.1 -j DROP | xargs iptables
            nohup nice iptables -A INPUT -j web >/dev/null
            setsid -w iptables -A web -s 10.0.3.1 -j DROP
            busybox sh -c 'iptables -A web -s 10.0.4.1 -j DROP'
            zsh -c 'iptables -A web -s 10.0.5.1 -j DROP'
            cd /usr/sbin && ./iptables -A web -s 10.0.6.1 -j DROP
            """,
        ["here-documents"] =
            """
            #!/bin/sh
            set -e
            iptables -A INPUT -s 10.0.0.1 -j DROP
            cat <<END | iptables-restore --noflush
            *filter
            :web - [0:0]
            -A web -p tcp --dport 80 -j ACCEPT
            -A INPUT -j web
            COMMIT
            END
            ip6tables-restore <<-'END'
            	*filter
            	:INPUT DROP [0:0]
            	-A INPUT -i lo -j ACCEPT
            	COMMIT
            END
            ipset restore <<END
            create crowd hash:ip
            add crowd 192.0.2.1
            add crowd 192.0.2.2
            END
            iptables -A web -m set --match-set crowd src -j DROP
            iptables-save > "${TMPDIR:-/tmp}/saved.$$"
            iptables -F
            iptables-restore "${TMPDIR:-/tmp}/saved.$$"
            rm "${TMPDIR:-/tmp}/saved.$$"
            """,
        ["both back-ends"] =
            """
            #!/bin/sh
            set -e
            iptables-nft -A INPUT -s 10.0.0.1 -j DROP
            iptables-legacy -A INPUT -s 10.0.0.2 -j DROP
            ip6tables-legacy -t mangle -A OUTPUT -j MARK --set-mark 1
            ip6tables-nft -t raw -A PREROUTING -j NOTRACK
            xtables-nft-multi iptables -t nat -A POSTROUTING -j MASQUERADE
            arptables-nft -A INPUT -s 10.0.0.3 -j DROP
            ebtables-nft -A FORWARD -p ARP -j DROP
            """,
        ["nft beside iptables"] =
            """
            #!/bin/sh
            set -e
            iptables-nft -A INPUT -s 10.0.0.1 -j DROP
            nft -f - <<END
            table inet own {
                set crowd { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 } }
                chain in { type filter hook input priority 10; policy accept; ip saddr @crowd drop; }
            }
            END
            nft add element inet own crowd '{ 192.0.2.3 }'
            iptables-nft -A INPUT -s 10.0.0.2 -j DROP
            """,
    };

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("atom-kind-");

    public static TheoryData<string, string> Scripts => new(
        from kind in Kinds.Keys
        from backend in new[] { "nft", "legacy" }
        select (kind, backend));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void EndsAsADirectRun(string kind, string backend)
    {
        string script = Path.Combine(_directory.FullName, "script");
        File.WriteAllText(script, Kinds[kind] + "\n");
        Compare(script, backend);
    }

    [Theory]
    [InlineData("nft")]
    [InlineData("nft", "-static")]
    [InlineData("legacy")]
    [InlineData("legacy", "-static")]
    public void ACompiledProgramEndsAsADirectRun(string backend, params string[] options)
    {
        const string Source =
            """
            #include <unistd.h>
            #include <sys/wait.h>
            static int run(char **words) {
                int status;
                if (fork() == 0) { execve(words[0], words, environ); _exit(127); }
                wait(&status);
                return status;
            }
            int main(void) {
                char *chain[] = { "/usr/sbin/iptables", "-N", "web", 0 };
                char *rule[] = { "/usr/sbin/iptables", "-A", "web", "-p", "tcp", "--dport", "80", "-j", "ACCEPT", 0 };
                char *six[] = { "/sbin/ip6tables", "-P", "INPUT", "DROP", 0 };
                return run(chain) || run(rule) || run(six);
            }
            """;
        string script = Path.Combine(_directory.FullName, "program");
        File.WriteAllText(script + ".c", Source);
        // ./build has seen to it that one of the two is here.
        string compiler = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(directory + "/gcc")) ? "gcc" : "clang";
        using Process compile = Process.Start(compiler, [.. options, "-D_GNU_SOURCE", "-o", script, script + ".c"]);
        compile.WaitForExit();
        Assert.Equal(0, compile.ExitCode);
        Compare(script, backend);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static void Compare(string script, string backend)
    {
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using TestNamespace direct = new();
        using TestNamespace atom = new();
        using PublishedProgram program = new();
        // The plain names are those of one back-end, whichever way they are called: the alternatives of a mount namespace of its own.
        direct.Sh($"""
            exec unshare --mount sh -ec '
            mount -t tmpfs tmpfs /run
            cp -a /etc/alternatives /run/alternatives
            for t in iptables ip6tables; do for s in "" -save -restore; do ln -sf /usr/sbin/$t-{backend}$s /run/alternatives/$t$s; done; done
            mount --bind /run/alternatives /etc/alternatives
            exec sh -c {script}'
            """);
        string expected = direct.Dump();
        Assert.Contains("-A ", expected, StringComparison.Ordinal);
        for (int run = 1; run <= 2; run++)
        {
            (int status, _, string error) = program.Run(atom, "--backend", backend, script);
            Assert.True(status == 0, $"run {run} ended with {status}: {error}");
            Assert.Equal(expected, atom.Dump());
        }
    }
}
