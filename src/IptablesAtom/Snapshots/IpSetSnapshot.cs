using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Snapshots;

/// <summary>Reads the ipsets of a namespace.</summary>
/// <remarks>
/// The kernel keeps no generation of ipsets and a dump is no snapshot: entries that others add or remove while a set is read
/// may or may not be in it. The set itself can be neither swapped, renamed nor destroyed meanwhile.
/// </remarks>
internal static class IpSetSnapshot
{
    /// <summary>All sets but temporary ones, members before lists.</summary>
    internal static IReadOnlyList<IpSet> Read(NetworkNamespace target)
    {
        using IpsetSocket socket = IpsetSocket.Open(target);
        return Read(socket);
    }

    /// <inheritdoc cref="Read(NetworkNamespace)"/>
    internal static IReadOnlyList<IpSet> Read(IpsetSocket socket)
    {
        // The kernel lists lists last; a list is never a member of another.
        List<IpSet> sets = Dump(socket, null);
        sets.RemoveAll(set => TemporaryName.Is(set.Name));
        return sets;
    }

    /// <summary>One set, whatever its name.</summary>
    /// <exception cref="IpsetException">There is no such set.</exception>
    internal static IpSet ReadOne(IpsetSocket socket, string name) =>
        Dump(socket, name) is [IpSet set] ? set : throw new IpsetException($"ipset list {name}", (int)IpsetError.NotFound);

    private static List<IpSet> Dump(IpsetSocket socket, string? name)
    {
        List<IpSetBuilder> sets = [];
        socket.List(name, IpsetListing.Entries, message =>
        {
            AttributeReader attributes = new(message.NetfilterAttributes);
            if (attributes.TryFind(IpsetAttribute.TypeName, out NetlinkAttribute typeName))
            {
                sets.Add(Begin(attributes, typeName.AsString()));
            }

            if (attributes.TryFind(IpsetAttribute.Entries, out NetlinkAttribute entries) && entries.Value.Length > 0)
            {
                byte[] nest = entries.Value.ToArray();
                IpSetEntries.MendNest(nest);
                sets[^1].AddNest(nest);
            }
        });
        List<IpSet> built = new(sets.Count);
        foreach (IpSetBuilder set in sets)
        {
            built.Add(set.Build());
        }

        return built;
    }

    private static IpSetBuilder Begin(AttributeReader attributes, string typeName)
    {
        ushort index = 0;
        string name = "";
        byte revision = 0;
        byte family = 0;
        uint references = 0;
        byte[] createData = [];
        foreach (NetlinkAttribute attribute in attributes)
        {
            switch (attribute.Type)
            {
                case IpsetAttribute.SetName:
                    name = attribute.AsString();
                    break;
                case IpsetAttribute.Revision:
                    revision = attribute.AsByte();
                    break;
                case IpsetAttribute.Family:
                    family = attribute.AsByte();
                    break;
                case IpsetAttribute.Index:
                    index = attribute.AsUInt16Be();
                    break;
                case IpsetAttribute.Data:
                    createData = CreateData(attribute.Nested);
                    references = attribute.Nested.TryFind(IpsetHeaderAttribute.References, out NetlinkAttribute count) ? count.AsUInt32Be() : 0;
                    break;
            }
        }

        return new IpSetBuilder(name, typeName, revision, family, createData) { Index = index, References = (int)references };
    }

    /// <summary>The header's attributes without those that only the kernel may give.</summary>
    private static byte[] CreateData(AttributeReader header)
    {
        using MessageWriter data = new(128);
        foreach (NetlinkAttribute attribute in header)
        {
            if (attribute.Type is not (IpsetHeaderAttribute.Elements or IpsetHeaderAttribute.References or IpsetHeaderAttribute.MemorySize))
            {
                data.PutBytes(attribute.RawType, attribute.Value);
            }
        }

        byte[] bytes = data.Written.ToArray();
        IpSetEntries.Mend(bytes);
        return bytes;
    }
}
