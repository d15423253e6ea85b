using System.Diagnostics;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Sources;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Activity;
using IptablesAtom.Staging.Mirror;
using IptablesAtom.Staging.Outbound;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Mirror;

public sealed class OutboundNetworkTests : IDisposable
{
    /// <summary>An HTTP server on port 8080 and a UDP echo on port 9999; ends when its standard input does.</summary>
    private const string Servers =
        """
        import http.server, socket, sys, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers(); self.wfile.write(b'192.0.2.77\n')
            def log_message(self, *a): pass
        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6
        server = Server(('::', 8080), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        def answer(q):
            end = q.index(b'\0', 12) + 5
            isA = q[end - 4:end] == b'\0\1\0\1'
            head = q[:2] + b'\x85\x80\0\1' + (b'\0\1' if isA else b'\0\0') + b'\0\0\0\0'
            return head + q[12:end] + (b'\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4' + bytes([192, 0, 2, 77]) if isA else b'')
        def names(kind):
            s = socket.socket(socket.AF_INET, kind); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('192.0.2.10', 53))
            if kind == socket.SOCK_DGRAM:
                while True:
                    data, peer = s.recvfrom(2000); s.sendto(answer(data), peer)
            s.listen(8)
            while True:
                c, _ = s.accept()
                while True:
                    data = c.recv(2000)
                    if not data: break
                    while data:
                        n = 2 + int.from_bytes(data[:2], 'big'); a = answer(data[2:n]); c.sendall(len(a).to_bytes(2, 'big') + a); data = data[n:]
                c.close()
        def echo():
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('0.0.0.0', 9999))
            threading.Thread(target=names, args=(socket.SOCK_STREAM,), daemon=True).start()
            threading.Thread(target=names, args=(socket.SOCK_DGRAM,), daemon=True).start()
            print('ready', flush=True)
            while True:
                data, peer = s.recvfrom(2000); s.sendto(data + b' from %d' % peer[1], peer)
        threading.Thread(target=echo, daemon=True).start()
        sys.stdin.read()
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("atom-outbound-").FullName;
    private readonly TestNamespace _live = new();
    private readonly Process _servers;

    public OutboundNetworkTests()
    {
        _live.Sh("ip link set lo up; ip link add eth0 type veth peer name peer0; ip link set eth0 up; ip link set peer0 up; ip addr add 192.0.2.10/24 dev eth0; ip addr add 2001:db8::10/64 dev eth0 nodad");
        string program = Path.Combine(_directory, "servers.py");
        File.WriteAllText(program, Servers);
        _servers = Process.Start(new ProcessStartInfo("nsenter", [$"--net={_live.NsPath}", "python3", program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", _servers.StandardOutput.ReadLine());
    }

    public void Dispose()
    {
        _servers.StandardInput.Close();
        _servers.WaitForExit();
        _servers.Dispose();
        _live.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("curl -sS -m 10 http://192.0.2.10:8080/")]
    [InlineData("curl -sS -m 10 -g 'http://[2001:db8::10]:8080/'")]
    [InlineData("curl -sS -m 10 http://127.0.0.1:8080/")]
    [InlineData("busybox wget -q -O - http://192.0.2.10:8080/")]
    [InlineData("python3 -c 'import asyncio\nasync def f():\n r, w = await asyncio.open_connection(\"192.0.2.10\", 8080)\n w.write(b\"GET / HTTP/1.0\\r\\n\\r\\n\"); print((await r.read()).split()[-1].decode())\nasyncio.run(f())'")]
    [InlineData("wget -q -T 10 -O - http://192.0.2.10:8080/")]
    [InlineData("bash -c 'exec 3<>/dev/tcp/192.0.2.10/8080; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; tail -n1 <&3'")]
    [InlineData("perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(\"192.0.2.10:8080\") or die; print $s \"GET / HTTP/1.0\\r\\n\\r\\n\"; @l=<$s>; print $l[-1]'")]
    [InlineData("python3 -c 'import urllib.request as u; print(u.urlopen(\"http://192.0.2.10:8080/\", timeout=10).read().decode(), end=\"\")'")]
    public void A_download_works_whatever_the_staged_rules_say(string download)
    {
        string output = RunScript(
            $"""
            iptables -P OUTPUT DROP; iptables -P INPUT DROP; iptables-legacy -P OUTPUT DROP
            address=$({download}) || exit 1
            iptables -A INPUT -s $address -j DROP; ip6tables -A INPUT -j DROP
            """,
            NetworkAccess.Host,
            staging => Spawn.Capture(staging.Network, ["iptables-save"]).OutputText);
        Assert.Contains("-s 192.0.2.77/32", output, StringComparison.Ordinal);
        Assert.Equal("", _live.Sh("nft list ruleset; cat /proc/net/ip_tables_names"));
    }

    [Fact]
    public void Datagrams_go_out_by_sendto_and_by_connect_and_keep_what_the_program_had_set()
    {
        string result = Path.Combine(_directory, "result");
        string program = Path.Combine(_directory, "client.py");
        File.WriteAllText(program,
            $"""
            import fcntl, os, socket, threading
            lines = []
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(10)
            s.sendto(b'one', ('192.0.2.10', 9999)); lines.append(s.recv(100).decode().split()[0])
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('0.0.0.0', 7777)); s.settimeout(10)
            s.connect(('192.0.2.10', 9999)); s.send(b'two'); lines.append(s.recv(100).decode())
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1); os.set_inheritable(s.fileno(), True); s.setblocking(False)
            try: s.connect(('192.0.2.10', 8080))
            except BlockingIOError: pass
            lines.append('%d %d %d' % (s.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0, os.get_inheritable(s.fileno()), os.get_blocking(s.fileno())))
            def ask(): 
                t = socket.create_connection(('192.0.2.10', 8080), 10); lines.append('thread'); t.close()
            threads = [threading.Thread(target=ask) for _ in range(8)]
            for t in threads: t.start()
            for t in threads: t.join()
            open('{result}', 'w').write('\n'.join(lines))
            """);
        RunScript($"python3 {program}", NetworkAccess.Host, _ => "");
        string[] lines = File.ReadAllLines(result);
        Assert.Equal(["one", "two from 7777", "1 1 0"], lines[..3]);
        Assert.Equal(8, lines.Count(line => line == "thread"));
    }

    [Fact]
    public void With_none_nothing_leaves_and_loopback_is_stagings_own()
    {
        string result = Path.Combine(_directory, "result");
        RunScript(
            $"""
            curl -sS -m 10 http://192.0.2.10:8080/ 2>>{result}; echo $? >> {result}
            curl -sS -m 10 http://127.0.0.1:8080/ 2>>{result}; echo $? >> {result}
            """,
            NetworkAccess.None,
            _ => "");
        string text = File.ReadAllText(result);
        Assert.Equal(2, text.Split('\n').Count(line => line == "7"));
        Assert.DoesNotContain("timed out", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void With_none_a_name_fails_at_once_and_the_refusal_is_told()
    {
        Stopwatch time = Stopwatch.StartNew();
        RunScript(
            "iptables -P INPUT DROP; iptables -P OUTPUT DROP; getent hosts nowhere.example && exit 1; iptables -A INPUT -s nowhere.example -j DROP 2>/dev/null && exit 1; exit 0",
            NetworkAccess.None,
            _ => "",
            network => Assert.Contains("--network none", network.Refused, StringComparison.Ordinal));
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 4); // the resolver's own time-out is 5 s for each server
    }

    [Theory]
    [InlineData("getent ahostsv4 block.example | grep -q 192.0.2.77")]
    [InlineData("RES_OPTIONS=use-vc getent ahostsv4 block.example | grep -q 192.0.2.77")]
    [InlineData("iptables-legacy -A INPUT -s block.example -j DROP && iptables-legacy -S | grep -q 192.0.2.77")]
    [InlineData("ipset create s hash:ip && ipset add s block.example && ipset list s | grep -q 192.0.2.77")]
    public void Where_sockets_cannot_be_swapped_a_relay_resolves_names(string use) => RunScript(
        use,
        NetworkAccess.Host,
        _ => "",
        network => Assert.Contains("relay", network.Means, StringComparison.Ordinal),
        staging => OutboundNetwork.WithoutSwap(staging, [], _live.Namespace, NetworkAccess.Host, "a test", [System.Net.IPAddress.Parse("192.0.2.10")]));

    [Fact]
    public void Sockets_of_the_firewall_tools_stay_in_staging()
    {
        string output = RunScript(
            "for t in iptables-nft iptables-legacy ip6tables-legacy; do $t -A INPUT -j DROP || exit 1; done; arptables -A INPUT -j DROP; ebtables -A INPUT -j DROP; ipset create s hash:ip; ip route add 10.99.0.0/16 dev lo",
            NetworkAccess.Host,
            staging => Spawn.Capture(staging.Network, ["ip", "route"]).OutputText);
        Assert.Contains("10.99.0.0/16", output, StringComparison.Ordinal);
        Assert.Equal("", _live.Sh("nft list ruleset; cat /proc/net/ip_tables_names; ipset list; ip route show 10.99.0.0/16"));
    }

    private string RunScript(
        string body,
        NetworkAccess access,
        Func<StagingNamespace, string> look,
        Action<OutboundNetwork>? after = null,
        Func<StagingNamespace, OutboundNetwork>? start = null)
    {
        string script = Path.Combine(_directory, "script.sh");
        File.WriteAllText(script, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        StagingOptions options = new() { LauncherPath = LauncherEntry.Path, Timeout = TimeSpan.FromSeconds(60) };
        using StagingNamespace staging = StagingNamespace.Start(new ScriptCommand([script]), options);
        using MirrorResult mirror = HostMirror.Copy(_live.Namespace, staging.Network);
        using OutboundNetwork outbound = start is null ? OutboundNetwork.Start(staging, mirror.Devices.Values, _live.Namespace, access, new HostCallWatch(null)) : start(staging);
        Assert.Equal(start is null, outbound.Warning is null);
        Assert.Equal(0, staging.Run().Status.Code);
        after?.Invoke(outbound);
        return look(staging);
    }
}
