using System.Diagnostics;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Cli;

/// <summary>Names and downloads where seccomp(2) is forbidden: passt at the wire, the relay, the socket of nscd. The judges are the C library and real programs.</summary>
public sealed class FallbackNetworkTests : IDisposable
{
    /// <summary>A web server, and a name server that knows block.example; both at the other end of live's interface.</summary>
    private const string Servers =
        """
        import http.server, socket, sys, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers()
                self.wfile.write(b'x' * 20000000 if self.path == '/large' else b'198.51.100.7\n')
            def log_message(self, *a): pass
        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6
        threading.Thread(target=Server(('::', 8080), Handler).serve_forever, daemon=True).start()
        def answer(q):
            end = q.index(b'\0', 12) + 5
            data = {1: b'\0\4' + bytes([192, 0, 2, 77]), 28: b'\0\x10' + socket.inet_pton(socket.AF_INET6, '2001:db8::77')}.get(q[end - 3])
            if q[12:end - 4] != b'\5block\7example\0' or not data: return q[:2] + b'\x85\x83\0\1\0\0\0\0\0\0' + q[12:end]
            return q[:2] + b'\x85\x80\0\1\0\1\0\0\0\0' + q[12:end] + b'\xc0\x0c\0' + q[end - 3:end - 2] + b'\0\1\0\0\0\x3c' + data
        def names():
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('203.0.113.5', 53)); print('ready', flush=True)
            while True:
                data, peer = s.recvfrom(2000); s.sendto(answer(data), peer)
        threading.Thread(target=names, daemon=True).start()
        sys.stdin.read()
        """;

    /// <summary>Runs a command for which a call fails: as profiles of containers forbid it, or as kernels before 5.6 and 5.9 do not know it.</summary>
    private const string Forbid =
        """
        import ctypes, os, platform, struct, sys
        isArm = platform.machine() == 'aarch64'
        number, error, request = {
            'seccomp': (277 if isArm else 317, 1, None), 'pidfd_getfd': (438, 38, None), 'SECCOMP_IOCTL_NOTIF_ADDFD': (29 if isArm else 16, 22, 0x40182103),
        }[sys.argv[1]]
        look = [] if request is None else [(0x20, 0, 0, 24), (0x15, 0, 1, request)]
        code = [(0x20, 0, 0, 0), (0x15, 0, len(look) + 1, number), *look, (6, 0, 0, 0x50000 + error), (6, 0, 0, 0x7fff0000)]
        program = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *i) for i in code))
        filter = struct.pack('HxxxxxxP', len(code), ctypes.addressof(program))
        assert ctypes.CDLL(None).prctl(22, 2, ctypes.c_char_p(filter), 0, 0) == 0
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    /// <summary>What a script sees of the network; the same in staging.</summary>
    private const string Look = "grep -o '[a-z0-9]*:' /proc/net/dev | sort; ip -4 -o addr; ip route; ip -6 route; ip rule";

    private readonly PublishedProgram _program = new();
    private readonly TestNamespace _outside = new();
    private readonly Process _servers;

    public FallbackNetworkTests()
    {
        _program.Live.Sh(
            $"""
            ip link set lo up; ip link add eth0 type veth peer name peer0; ip link set peer0 netns {_outside.NsPath}; ip link set eth0 up
            ip addr add 192.0.2.10/24 dev eth0; ip addr add 2001:db8::10/64 dev eth0 nodad
            """);
        _outside.Sh(
            """
            ip link set lo up; ip link set peer0 up; ip addr add 192.0.2.1/24 dev peer0; ip addr add 2001:db8::1/64 dev peer0 nodad
            ip addr add 203.0.113.5/32 dev lo; ip addr add 2001:db8:1::5/128 dev lo
            """);
        _program.Live.Sh("ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8::1");
        File.WriteAllText($"{_program.Directory}/resolv.conf", "nameserver 203.0.113.5\n");
        _program.Script(Forbid, "forbid");
        Directory.CreateDirectory($"{_program.Directory}/run");
        _servers = _program.Start("nsenter", $"--net={_outside.NsPath}", "python3", _program.Script(Servers, "servers"));
        Assert.Equal("ready", _servers.StandardOutput.ReadLine());
    }

    public void Dispose()
    {
        EndServers();
        _servers.Dispose();
        _outside.Dispose();
        _program.Dispose();
    }

    [Fact]
    public void DownloadsWorkUntilTheScriptDropsThemAndNamesEvenThen()
    {
        string script = _program.Script(
            $$"""
            #!/bin/sh
            set -e
            { {{Look}}; } >"${0%/*}/seen"
            list=$(curl -sS -m 10 http://203.0.113.5:8080/)
            [ "$list" = "$(curl -sS -m 10 -g 'http://[2001:db8:1::5]:8080/')" ]
            [ "$(curl -sS -m 20 http://203.0.113.5:8080/large | wc -c)" = 20000000 ]
            iptables -A INPUT -s "$list" -j DROP
            iptables -P INPUT DROP; iptables -P OUTPUT DROP; ip link set lo down
            if curl -sS -m 1 http://203.0.113.5:8080/; then exit 41; fi
            getent hosts block.example | grep -q 2001:db8::77
            [ "$(getent ahosts block.example | awk '{print $1}' | sort -u | wc -l)" = 2 ]
            getent ahostsv4 block.example | grep -q 192.0.2.77
            sudo -u nobody getent ahostsv6 block.example | grep -q 2001:db8::77
            [ "$(python3 -c 'import socket; print(socket.gethostbyname_ex("block.example"))')" = "('block.example', [], ['192.0.2.77'])" ]
            if getent hosts no.example; then exit 42; fi
            if iptables -A INPUT -s no.example -j DROP; then exit 43; fi
            getent passwd root | grep -q ^root:
            iptables-nft -A INPUT -s block.example -j DROP
            ip6tables-nft -A INPUT -s block.example -j DROP
            iptables-legacy -A FORWARD -s block.example -j DROP
            ipset create s hash:ip; ipset add s block.example
            nft add table ip t; nft add chain ip t c; nft add rule ip t c ip saddr block.example drop
            """);
        (int status, _, string error) = Run("", script);
        Assert.True(status == 0, error);
        Assert.Contains("can resolve names, and fetch until its own rules drop what goes out", error, StringComparison.Ordinal);
        string live = _program.Live.Dump();
        Assert.Contains("-A INPUT -s 198.51.100.7/32 -j DROP", live, StringComparison.Ordinal);
        Assert.Contains("-A INPUT -s 192.0.2.77/32 -j DROP", live, StringComparison.Ordinal);
        Assert.Contains("-A INPUT -s 2001:db8::77/128 -j DROP", live, StringComparison.Ordinal);
        Assert.Contains("-A FORWARD -s 192.0.2.77/32 -j DROP", live, StringComparison.Ordinal);
        Assert.Contains("add s 192.0.2.77", live, StringComparison.Ordinal);
        Assert.Contains("ip saddr 192.0.2.77 drop", _program.Live.Sh("nft list table ip t"), StringComparison.Ordinal);
        Assert.Equal(_program.Live.Sh(Look), File.ReadAllText($"{_program.Directory}/seen"));
        AssertNothingLeft();
    }

    [Theory]
    [InlineData("seccomp")]
    [InlineData("pidfd_getfd")]
    [InlineData("SECCOMP_IOCTL_NOTIF_ADDFD")]
    public void WithoutPasstNamesAreResolvedStill(string forbidden)
    {
        string script = _program.Script(
            """
            #!/bin/sh
            set -e
            if curl -sS -m 1 http://203.0.113.5:8080/; then exit 41; fi
            iptables -P OUTPUT DROP
            iptables -A INPUT -s block.example -j DROP
            """);
        (int status, _, string error) = Run($"mount --bind /dev/null \"$(command -v passt)\"; forbid={forbidden};", script);
        Assert.True(status == 0, error);
        Assert.Contains("can resolve names, and fetch nothing (\"passt\"", error, StringComparison.Ordinal);
        Assert.Contains("-A INPUT -s 192.0.2.77/32 -j DROP", _program.Live.Dump(), StringComparison.Ordinal);
        AssertNothingLeft();
    }

    [Fact]
    public void PasstSaysWhyItDoesNotServe()
    {
        _program.Live.Sh("ip route del default; ip -6 route del default");
        (int status, _, string error) = Run("", _program.Script("#!/bin/sh\niptables -A INPUT -j DROP\n"));
        Assert.True(status == 0, error);
        Assert.Contains("passt\" says: ", error, StringComparison.Ordinal);
        AssertNothingLeft();
    }

    [Fact]
    public void NothingIsLeftOfAKilledRun()
    {
        string script = _program.Script("#!/bin/sh\niptables -A INPUT -j DROP\ntouch \"${0%/*}/begun\"\nexec sleep 1031\n");
        using Process run = Start("", script);
        while (!File.Exists($"{_program.Directory}/begun"))
        {
            Assert.False(run.WaitForExit(20), "it ended by itself");
        }

        Assert.True(Directory.Exists($"{_program.Directory}/run/nscd"));
        run.Kill(); // the program itself: every command before it in its line has become it
        run.WaitForExit();
        AssertNothingLeft();
    }

    private void EndServers()
    {
        if (!_servers.HasExited)
        {
            _servers.StandardInput.Close();
            _servers.WaitForExit();
        }
    }

    private void AssertNothingLeft()
    {
        EndServers();
        Assert.Empty(_program.LeftProcesses());
        Assert.Empty(_program.LeftFiles());
        Assert.False(Directory.Exists($"{_program.Directory}/run/nscd"));
    }

    private Process Start(string before, string script) => _program.Start(
        "nsenter",
        [
            $"--net={_program.Live.NsPath}", "unshare", "--mount", "sh", "-c",
            $"forbid=seccomp; cd {_program.Directory}; mount --bind run /run; mount --bind resolv.conf /etc/resolv.conf; {before} cd /; exec python3 {_program.Directory}/forbid $forbid \"$@\"",
            "sh", PublishedProgram.Path, "run", script,
        ]);

    private (int Status, string Output, string Error) Run(string before, string script)
    {
        using Process process = Start(before, script);
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
