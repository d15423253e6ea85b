namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const nuint TUNSETIFF = 0x400454ca;
    internal const nuint TUNSETPERSIST = 0x400454cb;
    internal const nuint TUNSETLINK = 0x400454cd;
    internal const nuint TUNSETIFINDEX = 0x400454da;
    internal const nuint TUNSETCARRIER = 0x400454e2;

    internal const short IFF_TUN = 0x0001;
    internal const short IFF_TAP = 0x0002;
    internal const short IFF_NO_PI = 0x1000;
}
