using System.Buffers.Binary;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Xtables;

/// <summary>
/// The legacy tables of bridges. Their format is another one than that of the three families of <see cref="XtablesLayout"/>, and no kernel
/// lists which of them exist; here they are only looked for.
/// </summary>
internal static unsafe class EbtablesLegacy
{
    private const int GetInfo = 128; // EBT_SO_GET_INFO
    private const int InfoSize = 120; // sizeof(struct ebt_replace), 64 bit
    private const int EntryCountAt = 36; // nentries: rules, without the chains themselves
    private static readonly string[] Names = ["filter", "nat", "broute"];

    /// <summary>
    /// The tables that have rules. Asking makes an empty table where there was none, so it is for namespaces that will be thrown
    /// away. A kernel without ebtables-legacy (ENOPROTOOPT), or without a table (ENOENT), has no rules in it.
    /// </summary>
    internal static IReadOnlyList<string> TablesWithRules(NetworkNamespace target) => NamespaceThread.Run(target, () =>
    {
        using Descriptor socket = new(LibC.Check(LibC.socket(LibC.AF_INET, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, 255))); // IPPROTO_RAW
        return Array.FindAll(Names, name => RuleCount(socket, name) > 0);
    });

    private static uint RuleCount(Descriptor socket, string name)
    {
        Span<byte> info = stackalloc byte[InfoSize];
        info.Clear();
        Encoding.ASCII.GetBytes(name, info);
        uint length = InfoSize;
        fixed (byte* buffer = info)
        {
            return LibC.getsockopt(socket.Number, 0, GetInfo, buffer, &length) == 0 // SOL_IP
                ? BinaryPrimitives.ReadUInt32LittleEndian(info[EntryCountAt..])
                : 0;
        }
    }
}
