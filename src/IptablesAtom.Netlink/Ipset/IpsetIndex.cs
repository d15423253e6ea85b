using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Ipset;

/// <summary>
/// Translates between an ipset's name and its index, the number by which rules refer to it in one namespace.
/// </summary>
internal static class IpsetIndex
{
    /// <summary>What a rule holds where it names no set.</summary>
    internal const ushort None = 0xffff; // IPSET_INVALID_ID

    private const int Subsystem = 6; // NFNL_SUBSYS_IPSET
    private const int GetByName = 14; // IPSET_CMD_GET_BYNAME
    private const int GetByIndex = 15; // IPSET_CMD_GET_BYINDEX
    private const int Protocol = 1; // IPSET_ATTR_PROTOCOL
    private const int SetName = 2; // IPSET_ATTR_SETNAME
    private const int Index = 11; // IPSET_ATTR_INDEX
    private const byte Version = 7; // IPSET_PROTOCOL

    /// <summary>The name of the set with that index, or null.</summary>
    /// <exception cref="NetlinkException">The kernel refused for another reason than that there is none.</exception>
    internal static string? NameOf(NetlinkSocket socket, ushort index)
    {
        using MessageWriter writer = new(64);
        Begin(writer, socket, GetByIndex);
        writer.PutUInt16Be(Index | 0x4000, index);
        writer.EndMessage();
        string? name = null;
        int error = socket.Request(writer, out string? text, message =>
            name = new AttributeReader(message.NetfilterAttributes).TryFind(SetName, out var value) ? value.AsString() : null);
        return Checked(error, text, $"name of the ipset with index {index}") ? name : null;
    }

    /// <summary>The index of the set with that name, or null.</summary>
    /// <exception cref="NetlinkException">The kernel refused for another reason than that there is none.</exception>
    internal static ushort? IndexOf(NetlinkSocket socket, string name)
    {
        using MessageWriter writer = new(64);
        Begin(writer, socket, GetByName);
        writer.PutString(SetName, name);
        writer.EndMessage();
        ushort? index = null;
        int error = socket.Request(writer, out string? text, message =>
            index = new AttributeReader(message.NetfilterAttributes).TryFind(Index, out var value) ? value.AsUInt16Be() : null);
        return Checked(error, text, $"index of the ipset {name}") ? index : null;
    }

    private static void Begin(MessageWriter writer, NetlinkSocket socket, int command)
    {
        writer.BeginNetfilter(Subsystem, command, LibC.AF_INET, NetlinkFlags.Request | NetlinkFlags.Ack, socket.NextSequence());
        writer.PutByte(Protocol, Version);
    }

    private static bool Checked(int error, string? text, string operation) =>
        error == 0 || ((Errno)error == Errno.ENOENT ? false : throw new NetlinkException(operation, error, text));
}
