using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>The system call filter that asks about connect() and sendto() with an address of the size of an Internet one, and about kill() and its like.</summary>
/// <remarks>
/// Classic BPF over struct seccomp_data { u32 nr, arch; u64 instruction pointer, args[6] }. By the length of the address alone, netlink (12
/// bytes) and most unix sockets are never asked about: iptables-nft would otherwise pay a wake-up for each of its requests.
/// Programs of another architecture (32 bit) pass.
/// </remarks>
internal static class ConnectFilter
{
    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpAlways = 0x05; // BPF_JMP | BPF_JA
    private const ushort Return = 0x06; // BPF_RET | BPF_K
    private const uint Allow = 0x7fff0000; // SECCOMP_RET_ALLOW
    private const uint Notify = 0x7fc00000; // SECCOMP_RET_USER_NOTIF
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint ConnectLength = 16 + (8 * 2);
    private const uint SendToLength = 16 + (8 * 5);
    private const uint MarkOffset = 16 + (8 * 4);
    private const uint SendByHandle = 424; // pidfd_send_signal, on every architecture

    /// <summary>
    /// Marks a signal that the launcher sends, in a fifth argument of pidfd_send_signal(2), which takes four: the launcher is under this filter too, and
    /// must be able to end all when nobody answers any more.
    /// </summary>
    internal const int OwnSignal = 0x61746f6d;

    /// <summary>AUDIT_ARCH_*, and the numbers of connect, sendto, kill and rt_sigqueueinfo.</summary>
    private static readonly (uint Architecture, uint Connect, uint SendTo, uint Kill, uint Queue) Numbers =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (0xC00000B7, 203u, 206u, 129u, 138u) : (0xC000003E, 42u, 44u, 62u, 129u);

    /// <summary>Whether a call of a notification sends a signal to a process.</summary>
    internal static bool IsSignal(int number) => number == (int)Numbers.Kill || number == (int)Numbers.Queue || IsByHandle(number);

    /// <summary>Whether it names its process by a descriptor.</summary>
    internal static bool IsByHandle(int number) => number == (int)SendByHandle;

    /// <summary>Whether it is sendto; else it is connect.</summary>
    internal static bool IsSendTo(int number) => number == (int)Numbers.SendTo;

    /// <summary>The filter's program.</summary>
    internal static byte[] Build()
    {
        (ushort Code, byte IfTrue, byte IfFalse, uint Value)[] program =
        [
            (LoadWord, 0, 0, ArchitectureOffset),
            (JumpIfEqual, 0, 14, Numbers.Architecture),
            (LoadWord, 0, 0, NumberOffset),
            (JumpIfEqual, 13, 0, Numbers.Kill),
            (JumpIfEqual, 12, 0, Numbers.Queue),
            (JumpIfEqual, 8, 0, SendByHandle),
            (JumpIfEqual, 1, 0, Numbers.Connect),
            (JumpIfEqual, 2, 8, Numbers.SendTo),
            (LoadWord, 0, 0, ConnectLength),
            (JumpAlways, 0, 0, 1),
            (LoadWord, 0, 0, SendToLength),
            (JumpIfEqual, 5, 0, 16), // struct sockaddr_in
            (JumpIfEqual, 4, 0, 28), // struct sockaddr_in6
            (JumpIfEqual, 3, 2, 128), // struct sockaddr_storage
            (LoadWord, 0, 0, MarkOffset),
            (JumpIfEqual, 0, 1, OwnSignal),
            (Return, 0, 0, Allow),
            (Return, 0, 0, Notify),
        ];
        return Encode(program);
    }

    /// <summary>A filter that asks about nothing.</summary>
    internal static byte[] PassAll() => Encode([(Return, 0, 0, Allow)]);

    private static byte[] Encode(ReadOnlySpan<(ushort Code, byte IfTrue, byte IfFalse, uint Value)> program)
    {
        byte[] bytes = new byte[program.Length * 8];
        for (int place = 0; place < program.Length; place++)
        {
            Span<byte> instruction = bytes.AsSpan(place * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, program[place].Code);
            (instruction[2], instruction[3]) = (program[place].IfTrue, program[place].IfFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], program[place].Value);
        }

        return bytes;
    }
}
