/*
 * Stands before each firewall tool in staging.
 *
 * It is bind mounted over the tools' binaries in the script's mount namespace. It asks the server of iptables-atom what to
 * do with a call: exit at once with a status, or run the real tool. It is no C# because a managed program starts slower
 * than the real iptables, and no shell script for the same reason; without a C library it starts in a fraction of the
 * time of any dynamically linked program.
 *
 * The server's socket has an abstract name. Abstract names belong to a network namespace, so a call that left staging
 * (`ip netns exec`, `unshare -n`) finds nobody and runs the real tool.
 *
 * Request (one packet): the argument strings, each ended by NUL, as they stand on the initial stack, where the kernel puts
 *   them one after another; one NUL alone when they are too large for a packet.
 * Reply (one packet): 'X' STATUS TEXT  write TEXT to descriptor 2, exit with STATUS
 *                     'R'              become the real tool: same pid, descriptors, ids, status
 *                     'W'              run the real tool as a child, tell the server its wait status (4 bytes), end as it did.
 *                                      For kernels that keep no exit status for a pidfd (before 6.15).
 * Nobody there, or a reply that is none: the real tool.
 *
 * Going ahead: once the server allows it, it has a second socket, whose name ends in the process id of the script's own shell. A call by that shell
 *   that adds a rule is left there, the same request as one datagram, and has succeeded. There is no such socket for calls of other processes.
 */

#define SOCKET "iptables-atom/firewall-call"
#define AHEAD "iptables-atom/going-ahead-"
#ifndef REAL
#error "REAL is the directory where the real tools are bound, for example -DREAL=\"/dir\""
#endif

typedef unsigned long word;

#if defined(__x86_64__)
enum { SYS_write = 1, SYS_socket = 41, SYS_connect = 42, SYS_sendto = 44, SYS_recvfrom = 45, SYS_clone = 56, SYS_execve = 59,
       SYS_exit_group = 231, SYS_wait4 = 61, SYS_kill = 62, SYS_getpid = 39, SYS_getppid = 110, SYS_prctl = 157, SYS_readlinkat = 267 };

static long call(long n, word a, word b, word c, word d, word e, word f)
{
    register word r10 __asm__("r10") = d;
    register word r8 __asm__("r8") = e;
    register word r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call begin\n");
#elif defined(__aarch64__)
enum { SYS_write = 64, SYS_socket = 198, SYS_connect = 203, SYS_sendto = 206, SYS_recvfrom = 207, SYS_clone = 220, SYS_execve = 221,
       SYS_exit_group = 94, SYS_wait4 = 260, SYS_kill = 129, SYS_getpid = 172, SYS_getppid = 173, SYS_prctl = 167, SYS_readlinkat = 78 };

static long call(long n, word a, word b, word c, word d, word e, word f)
{
    register long x8 __asm__("x8") = n;
    register word x0 __asm__("x0") = a;
    register word x1 __asm__("x1") = b;
    register word x2 __asm__("x2") = c;
    register word x3 __asm__("x3") = d;
    register word x4 __asm__("x4") = e;
    register word x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return (long)x0;
}

__asm__(".globl _start\n_start:\n mov x29, xzr\n mov x30, xzr\n mov x0, sp\n b begin\n");
#else
#error "no system calls known for this architecture"
#endif

enum { AF_UNIX = 1, SOCK_DGRAM = 2, SOCK_SEQPACKET = 5, SOCK_CLOEXEC = 02000000, MSG_NOSIGNAL = 0x4000, AT_FDCWD = -100, SIGCHLD = 17,
       SIGTERM = 15, PR_SET_PDEATHSIG = 1, AT_EUID = 12 };

static _Noreturn void leave(word status)
{
    for (;;)
        call(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

static _Noreturn void become_real(char **argv, char **envp)
{
    /* /proc/self/exe is the path under which the shim was found: the tool's own, resolved. */
    char path[4096];
    for (unsigned i = 0; i < sizeof(REAL) - 1; i++)
        *(volatile char *)(path + i) = REAL[i]; /* volatile: no call of memcpy, which is not there */
    long length = call(SYS_readlinkat, (word)AT_FDCWD, (word)"/proc/self/exe", (word)(path + sizeof(REAL) - 1),
                       sizeof(path) - sizeof(REAL), 0, 0);
    if (length > 0) {
        path[sizeof(REAL) - 1 + (word)length] = 0;
        call(SYS_execve, (word)path, (word)argv, (word)envp, 0, 0, 0);
    }
    leave(126);
}

static _Noreturn void wait_for_real(long fd, char **argv, char **envp)
{
    int status = 0;
    long child = call(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
    if (child == 0)
        call(SYS_prctl, PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0, 0);
    if (child <= 0)
        become_real(argv, envp);
    while (call(SYS_wait4, (word)child, (word)&status, 0, 0, 0, 0) == -4)
        ;
    call(SYS_sendto, (word)fd, (word)&status, sizeof(status), MSG_NOSIGNAL, 0, 0);
    if (status & 0x7f)
        call(SYS_kill, (word)call(SYS_getpid, 0, 0, 0, 0, 0, 0), status & 0x7f, 0, 0, 0, 0);
    leave((status & 0x7f) ? 128 + (status & 0x7f) : (status >> 8) & 0xff);
}

/* iptables or ip6tables, of whatever back-end, with -A or -I first or behind -w or -t TABLE, by root: others fail. */
static int adds_rule(long argc, char **argv, char **envp)
{
    char *name = argv[0];
    for (char *at = argv[0]; *at; at++)
        if (*at == '/')
            name = at + 1;
    if (name[0] != 'i' || name[1] != 'p' || name[name[2] == '6' ? 3 : 2] != 't')
        return 0;
    long i = 1;
    if (i < argc && argv[i][0] == '-' && argv[i][1] == 'w' && argv[i][2] == 0)
        i++;
    else if (i + 1 < argc && argv[i][0] == '-' && argv[i][1] == 't' && argv[i][2] == 0)
        i += 2;
    if (i >= argc || argv[i][0] != '-' || (argv[i][1] != 'A' && argv[i][1] != 'I') || argv[i][2] != 0)
        return 0;
    while (*envp)
        envp++;
    for (word *auxiliary = (word *)(envp + 1); auxiliary[0]; auxiliary += 2)
        if (auxiliary[0] == AT_EUID)
            return auxiliary[1] == 0;
    return 0;
}

static int went_ahead(const char *request, long size)
{
    struct { unsigned short family; char name[sizeof(AHEAD) + 10]; } address;
    unsigned length = 0;
    address.family = AF_UNIX;
    for (const char *at = "\0" AHEAD; length < sizeof(AHEAD); at++)
        *(volatile char *)(address.name + length++) = *at;
    word parent = (word)call(SYS_getppid, 0, 0, 0, 0, 0, 0), unit = 1;
    while (parent / unit >= 10)
        unit *= 10;
    for (; unit; unit /= 10)
        address.name[length++] = (char)('0' + parent / unit % 10);
    long fd = call(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, 0, 0, 0);
    return fd >= 0 && call(SYS_sendto, (word)fd, (word)request, (word)size, MSG_NOSIGNAL, (word)&address, 2 + length) == size;
}

__attribute__((used)) _Noreturn void begin(word *stack)
{
    long argc = (long)stack[0];
    char **argv = (char **)(stack + 1);
    char **envp = argv + argc + 1;
    static const struct { unsigned short family; char name[sizeof(SOCKET)]; } address = { AF_UNIX, "\0" SOCKET };
    char reply[2048];

    if (argc == 0)
        become_real(argv, envp);

    char *end = argv[argc - 1];
    while (*end++)
        ;
    long size = end - argv[0];
    if (adds_rule(argc, argv, envp) && went_ahead(argv[0], size))
        leave(0);

    long fd = call(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, 0, 0, 0);
    if (fd < 0 || call(SYS_connect, (word)fd, (word)&address, 2 + sizeof(SOCKET), 0, 0, 0) < 0)
        become_real(argv, envp);

    if (call(SYS_sendto, (word)fd, (word)argv[0], (word)size, MSG_NOSIGNAL, 0, 0) != size)
        call(SYS_sendto, (word)fd, (word)"", 1, MSG_NOSIGNAL, 0, 0);
    long got = call(SYS_recvfrom, (word)fd, (word)reply, sizeof(reply), 0, 0, 0);
    if (got >= 1 && reply[0] == 'W')
        wait_for_real(fd, argv, envp);
    if (got < 2 || reply[0] != 'X')
        become_real(argv, envp);
    if (got > 2)
        call(SYS_write, 2, (word)(reply + 2), (word)(got - 2), 0, 0, 0);
    leave((unsigned char)reply[1]);
}
