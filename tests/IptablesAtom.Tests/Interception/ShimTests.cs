using System.Diagnostics;
using System.Runtime.InteropServices;
using IptablesAtom.Staging.Interception;
using IptablesAtom.Tests.Architecture;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>The bytes that are kept are what the source says.</summary>
public sealed class ShimTests
{
    private const string Script =
        """
        #!/bin/sh
        iptables -N c; iptables -N c; echo "rc $?"
        iptables -C c -s 10.0.0.1 -j DROP; echo "rc $?"
        iptables -A c -s 10.0.0.1 -j DROP
        iptables -C c -s 10.0.0.2 -j DROP; echo "rc $?"
        iptables -S c
        iptables -A c -m comment --comment "$(printf '%0300000d' 1)" -j DROP; echo "rc $?"
        exec /sbin/iptables -V
        """;

    [Fact]
    public void BehavesAsRebuilt()
    {
        string file = Path.GetTempFileName();
        try
        {
            string architecture = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";
            using Process make = Process.Start(Path.Combine(SourceFile.Root, "src/shim/make"), [architecture, file]);
            make.WaitForExit();
            Assert.Equal(0, make.ExitCode);
            string kept = StagedScript.Run(Script, "nft", StagedScript.Way.Shim).Seen;
            Assert.Equal(kept, StagedScript.Run(Script, "nft", StagedScript.Way.Shim, File.ReadAllBytes(file)).Seen);
            Assert.Equal(kept, StagedScript.Run(Script, "nft", StagedScript.Way.Plain).Seen);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("shim.x64", 0x3e)]
    [InlineData("shim.arm64", 0xb7)]
    public void IsAStaticProgram(string name, int machine)
    {
        byte[] elf = Resource.Bytes(name);
        Assert.Equal([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1], elf[..6]);
        Assert.Equal(2, BitConverter.ToUInt16(elf, 16)); // ET_EXEC
        Assert.Equal(machine, BitConverter.ToUInt16(elf, 18));
        Assert.True(elf.Length < 4096, "each call maps all of it: a page");
        for (int i = 0; i < BitConverter.ToUInt16(elf, 56); i++)
        {
            int header = (int)BitConverter.ToUInt64(elf, 32) + (i * 56);
            Assert.NotEqual(3, BitConverter.ToInt32(elf, header)); // PT_INTERP: it needs no loader
        }
    }
}
