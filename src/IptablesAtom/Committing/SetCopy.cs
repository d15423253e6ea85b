using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Snapshots;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Committing;

/// <summary>Makes an ipset from the kernel's own bytes: type, options, entries, time left, counters.</summary>
internal static class SetCopy
{
    /// <summary>Creates a set and fills it.</summary>
    /// <param name="socket">Where.</param>
    /// <param name="set">What. Members of a list must exist already.</param>
    /// <param name="name">Its name there.</param>
    /// <exception cref="IpsetException">The name is in use, or the set does not take an entry; a set made by this call is removed again.</exception>
    internal static void Make(IpsetSocket socket, IpSet set, string name)
    {
        socket.Create(name, set.TypeName, set.Revision, set.Family, set.CreateData);
        try
        {
            socket.Add(name, set.Entries);
        }
        catch (IpsetException)
        {
            socket.Destroy(name);
            throw;
        }
    }

    /// <summary>A list:set with other members in the place of some, all else the same.</summary>
    internal static IpSet WithMembers(IpSet list, Func<string, string> substitute)
    {
        IpSetBuilder result = IpSetBuilder.Like(list);
        using MessageWriter entry = new(128);
        foreach (IpSetEntry member in IpSetEntries.Of(list))
        {
            entry.Clear();
            using (entry.Nested(IpsetAttribute.Data))
            {
                foreach (NetlinkAttribute attribute in member.Attributes)
                {
                    if (attribute.Type == IpsetEntryAttribute.Name)
                    {
                        entry.PutString(attribute.RawType, substitute(attribute.AsString()));
                    }
                    else
                    {
                        entry.PutBytes(attribute.RawType, attribute.Value);
                    }
                }
            }

            result.Add(member.With(entry.Written));
        }

        return result.Build();
    }
}
