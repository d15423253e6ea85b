using CsCheck;
using IptablesAtom.History;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Planning;

public sealed class BaseStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("atom-base-").FullName;

    private string BaseDirectory => Path.Combine(_directory, "base");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void EachNamespaceHasItsOwn()
    {
        using TestNamespace one = new();
        using TestNamespace two = new();
        BaseStore store = new(_directory);
        Assert.True(store.Read(one.Namespace).IsFirstRun);
        store.Prepare(one.Namespace, Example("/one"))();
        store.Prepare(two.Namespace, Example("/two"))();
        Assert.Equal("/one", store.Read(one.Namespace).Source);
        Assert.Equal("/two", store.Read(two.Namespace).Source);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(BaseDirectory));
        Assert.All(Directory.GetFiles(BaseDirectory), file =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void NamespacesOfEarlierBootsAreForgotten()
    {
        using TestNamespace one = new();
        BaseStore store = new(_directory);
        store.Prepare(one.Namespace, Example("/one"))();
        string old = Path.Combine(BaseDirectory, "netns-0123456789abcdef0123456789abcdef-77.base");
        string host = Path.Combine(BaseDirectory, "host.base");
        File.WriteAllText(old, "");
        File.WriteAllText(host, "");
        store.Prepare(one.Namespace, Example("/one"))();
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(host));
        Assert.Equal(2, Directory.GetFiles(BaseDirectory).Length);
    }

    [Fact]
    public void TheHostsNameLastsOverAReboot()
    {
        using NetworkNamespace here = NetworkNamespace.Current();
        using TestNamespace other = new();
        Assert.StartsWith("netns-", NamespaceIdentity.NameOf(other.Namespace), StringComparison.Ordinal);
        Assert.False(NamespaceIdentity.IsOfEarlierBoot(NamespaceIdentity.NameOf(other.Namespace)));
        Assert.False(NamespaceIdentity.IsOfEarlierBoot(NamespaceIdentity.NameOf(here)));
        Assert.False(NamespaceIdentity.IsOfEarlierBoot("host"));
    }

    [Fact]
    public void DamageIsToldAndNeverACrash()
    {
        using TestNamespace one = new();
        BaseStore store = new(_directory);
        store.Prepare(one.Namespace, Example("/one"))();
        string path = Assert.Single(Directory.GetFiles(BaseDirectory));
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length++)
        {
            Damaged(whole[..length]);
        }

        for (int index = 0; index < whole.Length; index++)
        {
            byte[] changed = [.. whole];
            changed[index] ^= 0x10;
            Damaged(changed);
        }

        void Damaged(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            BaseStoreException exception = Assert.Throws<BaseStoreException>(() => store.Read(one.Namespace));
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            Assert.Contains("Remove the file", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatCannotBeWrittenLeavesTheOldOne()
    {
        using TestNamespace one = new();
        BaseStore store = new(_directory);
        store.Prepare(one.Namespace, Example("/one"))();
        string path = Assert.Single(Directory.GetFiles(BaseDirectory));
        Directory.CreateDirectory($"{path}.new");
        Assert.Throws<BaseStoreException>(() => store.Prepare(one.Namespace, Example("/two"))());
        Assert.Equal("/one", store.Read(one.Namespace).Source);
    }

    [Fact]
    public void EveryBaseReadsBackAsItWasWritten() => Bases().Sample(
        value =>
        {
            byte[] bytes = BaseFormat.Write(value);
            Base again = BaseFormat.Read("file", bytes);
            Assert.Equal(bytes, BaseFormat.Write(again));
            Assert.Equal(value.Sources, again.Sources);
            foreach ((TableId id, IReadOnlyDictionary<string, BaseChain> chains) in value.Tables)
            {
                foreach ((string name, BaseChain chain) in chains)
                {
                    BaseChain found = again.Find(id, name)!;
                    Assert.Equal((chain.Owner, chain.PolicyOwner, chain.PolicyBefore), (found.Owner, found.PolicyOwner, found.PolicyBefore));
                    Assert.Equal(chain.Rules, found.Rules);
                }
            }
        },
        iter: 200);

    private static Base Example(string source) => new()
    {
        Sources = [source],
        Tables = new Dictionary<TableId, IReadOnlyDictionary<string, BaseChain>>
        {
            [FakeKernel.Filter] = new Dictionary<string, BaseChain>
            {
                ["INPUT"] = new() { PolicyOwner = 0, PolicyBefore = Policy.Accept, Rules = [new(new RuleKey(7), 0), new(new RuleKey(8), Base.Foreign)] },
            },
        },
        Sets = new Dictionary<string, IReadOnlyList<BaseSet>> { ["bad"] = [new BaseSet(0, true, [1, 2, 3])] },
    };

    private static Gen<Base> Bases() =>
        from names in Gen.String[Gen.Char.AlphaNumeric, 1, 20].Array[1, 3]
        from rules in Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[-1, names.Length - 1]).Array[0, 200]
        from owner in Gen.Int[-1, names.Length - 1]
        from entries in Gen.ULong.Array[0, 300]
        from policy in Gen.Bool
        select new Base
        {
            Sources = names,
            Tables = new Dictionary<TableId, IReadOnlyDictionary<string, BaseChain>>
            {
                [FakeKernel.LegacyFilter] = new Dictionary<string, BaseChain>
                {
                    ["chain"] = new()
                    {
                        Owner = owner,
                        PolicyOwner = owner,
                        PolicyBefore = policy ? Policy.Accept : Policy.Drop,
                        Rules = [.. rules.Select(rule => new BaseRule(new RuleKey(new UInt128(rule.Item1, rule.Item2)), rule.Item3))],
                    },
                },
            },
            Sets = new Dictionary<string, IReadOnlyList<BaseSet>> { ["set"] = [new BaseSet(0, policy, entries)] },
        };
}
