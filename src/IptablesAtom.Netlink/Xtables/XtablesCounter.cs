using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Xtables;

/// <summary>What an entry has seen (struct xt_counters).</summary>
/// <param name="Packets">Packets.</param>
/// <param name="Bytes">Bytes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct XtablesCounter(ulong Packets, ulong Bytes);
