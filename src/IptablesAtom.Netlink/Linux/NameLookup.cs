using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>What the resolver of this machine says of a host's name (getaddrinfo(3)), in the network namespace of the calling thread.</summary>
/// <param name="Name">The canonical name, NUL-ended.</param>
/// <param name="Addresses">4 or 16 bytes each, in the resolver's order; none if there is no such name, or it has no address of the family.</param>
/// <remarks>Not by System.Net.Dns, which adds the addresses of all interfaces to the machine's own name: a rule for each would come of it.</remarks>
internal sealed unsafe record NameLookup(byte[] Name, IReadOnlyList<byte[]> Addresses)
{
    /// <summary>Asks.</summary>
    /// <param name="name">The name, NUL-ended.</param>
    /// <param name="family">AF_INET, AF_INET6, or 0 for both.</param>
    /// <returns>Null if that could not be found out.</returns>
    internal static NameLookup? Of(ReadOnlySpan<byte> name, int family)
    {
        // One kind of socket, or each address would come once for every kind.
        LibC.AddressInfo hints = new() { Flags = LibC.AI_CANONNAME, Family = family, Type = LibC.SOCK_STREAM };
        LibC.AddressInfo* found = null;
        fixed (byte* start = name)
        {
            int error = LibC.getaddrinfo(start, null, &hints, &found);
            if (error != 0)
            {
                return error is LibC.EAI_NONAME or LibC.EAI_NODATA or LibC.EAI_ADDRFAMILY ? new NameLookup([], []) : null;
            }
        }

        List<byte[]> addresses = [];
        for (LibC.AddressInfo* one = found; one is not null; one = one->Next)
        {
            // struct sockaddr_in has its address at 4, struct sockaddr_in6 at 8
            addresses.Add(one->Family == LibC.AF_INET ? [.. new ReadOnlySpan<byte>(one->Address + 4, 4)] : [.. new ReadOnlySpan<byte>(one->Address + 8, 16)]);
        }

        byte[] canonical = found->Name is null ? name.ToArray() : [.. MemoryMarshal.CreateReadOnlySpanFromNullTerminated(found->Name), 0];
        LibC.freeaddrinfo(found);
        return new NameLookup(canonical, addresses);
    }
}
