using System.IO.Hashing;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

internal sealed partial class NftTableReader
{
    private NftSet ReadSet(byte[] dumped)
    {
        string name = "";
        uint flags = 0;
        using MessageWriter kept = new(512);
        foreach (var attribute in new AttributeReader(dumped))
        {
            switch (attribute.Type)
            {
                case SetAttribute.Name:
                    name = attribute.AsString();
                    break;

                // What the kernel adds only when it dumps, it refuses in a NEWSET; hence a list of what goes.
                case SetAttribute.Flags or SetAttribute.KeyType or SetAttribute.KeyLength or SetAttribute.DataType
                    or SetAttribute.DataLength or SetAttribute.Policy or SetAttribute.Description or SetAttribute.Timeout
                    or SetAttribute.GcInterval or SetAttribute.UserData or SetAttribute.ObjectType
                    or SetAttribute.Expression or SetAttribute.Expressions:
                    kept.PutBytes(attribute.RawType, attribute.Value);
                    flags = attribute.Type == SetAttribute.Flags ? attribute.AsUInt32Be() : flags;
                    break;
            }
        }

        List<byte[]> elements = ReadElements(name);

        // Packets add and remove the elements of such a set: they are state.
        bool isState = (flags & NftFlags.SetEvaluated) != 0;
        return new NftSet
        {
            Name = name,
            Flags = flags,
            Attributes = kept.Written.ToArray(),
            Elements = elements,
            HeaderHash = XxHash128.HashToUInt128(kept.Written),
            ElementsHash = isState ? 0 : HashElements(elements),
        };
    }

    private List<byte[]> ReadElements(string set)
    {
        List<byte[]> elements = [];
        _socket.List(NftMessage.GetSetElement, (byte)_id.Family, tolerant: true,
            filter: writer =>
            {
                writer.PutString(SetElementListAttribute.Table, _id.Name);
                writer.PutString(SetElementListAttribute.Set, set);
            },
            handler: message =>
            {
                if (new AttributeReader(message.NetfilterAttributes).TryFind(SetElementListAttribute.Elements, out var list))
                {
                    elements.Add(list.Value.ToArray());
                }
            });
        return elements;
    }

    private UInt128 HashElements(List<byte[]> messages)
    {
        UInt128 sum = 0;
        foreach (byte[] elements in messages)
        {
            foreach (var element in new AttributeReader(elements))
            {
                _normalizer.Clear();
                foreach (var attribute in element.Nested)
                {
                    switch (attribute.Type)
                    {
                        case SetElementAttribute.Expiration:
                            break;
                        case SetElementAttribute.Data:
                            _normalizer.Put((UInt128)attribute.Type);
                            _normalizer.PutData(attribute.Value);
                            break;
                        case SetElementAttribute.Expression:
                            _normalizer.PutExpression(new Expression(attribute.Value));
                            break;
                        case SetElementAttribute.Expressions:
                            _normalizer.PutExpressions(attribute.Value);
                            break;
                        default:
                            _normalizer.Put((UInt128)attribute.Type);
                            _normalizer.Put(attribute.Value);
                            break;
                    }
                }

                sum += _normalizer.Hash;
            }
        }

        return sum;
    }

    private NftTableExtra ReadExtra()
    {
        AttributeReader table = new(_entry.Tables[0]);
        return new NftTableExtra
        {
            Handle = table.TryFind(TableAttribute.Handle, out var handle) ? handle.AsUInt64Be() : 0,
            Flags = table.TryFind(TableAttribute.Flags, out var flags) ? flags.AsUInt32Be() : 0,
            UserData = table.TryFind(TableAttribute.UserData, out var data) ? data.Value.ToArray() : [],
            Sets = [.. _sets.Values.Where(set => (set.Flags & NftFlags.SetAnonymous) == 0)],
            Objects = _entry.Objects.ConvertAll(ReadObject),
            Flowtables = _entry.Flowtables.ConvertAll(ReadFlowtable),
        };
    }

    private NftObject ReadObject(byte[] dumped)
    {
        string name = "";
        uint type = 0;
        using MessageWriter kept = new(256);
        _normalizer.Clear();
        foreach (var attribute in new AttributeReader(dumped))
        {
            switch (attribute.Type)
            {
                case ObjectAttribute.Name:
                    name = attribute.AsString();
                    break;
                case ObjectAttribute.Type:
                    type = attribute.AsUInt32Be();
                    kept.PutBytes(attribute.RawType, attribute.Value);
                    break;
                case ObjectAttribute.Data:
                    kept.PutBytes(attribute.RawType, attribute.Value);
                    break;
                case ObjectAttribute.UserData:
                    kept.PutBytes(attribute.RawType, attribute.Value);
                    _normalizer.Put(attribute.Value);
                    break;
            }
        }

        if (new AttributeReader(dumped).TryFind(ObjectAttribute.Data, out var state) && type != ObjectAttribute.TypeCounter)
        {
            _normalizer.PutNamed(state.Value, -1, type == ObjectAttribute.TypeQuota ? ExpressionAttribute.QuotaConsumed : -1);
        }

        return new NftObject(name, type, kept.Written.ToArray(), _normalizer.Hash);
    }

    private static NftObject ReadFlowtable(byte[] dumped)
    {
        string name = "";
        using MessageWriter kept = new(256);
        foreach (var attribute in new AttributeReader(dumped))
        {
            switch (attribute.Type)
            {
                case FlowtableAttribute.Name:
                    name = attribute.AsString();
                    break;
                case FlowtableAttribute.Hook or FlowtableAttribute.Flags:
                    kept.PutBytes(attribute.RawType, attribute.Value);
                    break;
            }
        }

        return new NftObject(name, 0, kept.Written.ToArray(), XxHash128.HashToUInt128(kept.Written));
    }
}
