using IptablesAtom.Staging.Interception;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>Which scripts get functions: only those that cannot tell them from the tools. FILE is a file of <see cref="ReadIn"/>, DIR its directory.</summary>
public sealed class ShellFunctionsTests
{
    private const string ReadIn = "IPT=$(command -v iptables)\n";

    [Theory]
    [InlineData("#!/bin/bash -x\niptables -F")] // shows what is read in at the start
    [InlineData("#!/bin/bash -ev\niptables -F")]
    [InlineData("#!/bin/sh -x\niptables -F")]
    [InlineData("#!/bin/sh\nreadonly status=1\niptables -F")] // not to be set by a function either
    [InlineData("#!/bin/bash\ndeclare -ri a=1 text=2\niptables -F")]
    [InlineData("#!/bin/bash\nf() { local -r tool=iptables; $tool -F; }; f")]
    [InlineData("#!/bin/sh\n. FILE\n$IPT -F")]
    [InlineData("#!/bin/sh\nif [ -f FILE ]; then . \"FILE\"; fi\n$IPT -F")]
    [InlineData("#!/bin/bash\nsource FILE && iptables -F")]
    [InlineData("#!/bin/bash\nsource \"$(dirname \"$0\")/lib.sh\"\niptables -F")]
    [InlineData("#!/bin/sh\n. /does/not/exist.yet\niptables -F")]
    [InlineData("#!/bin/sh\n. /dev/stdin\niptables -F")]
    [InlineData("#!/bin/bash\nPATH=DIR:$PATH\niptables -F")] // where another iptables is
    [InlineData("#!/bin/bash\nexec {lock}>/run/lock/mine\niptables -F")] // the number would be another
    [InlineData("#!/bin/bash\nfor f in /proc/self/fd/*; do eval \"exec ${f##*/}>&-\"; done\niptables -F")]
    [InlineData("#!/bin/bash\ntrap 'iptables -F' INT\niptables -F")] // while a function has the token
    [InlineData("#!/bin/sh\ntrap clean EXIT TERM\niptables -F")]
    [InlineData("#!/bin/sh\necho() { logger \"$@\"; }\niptables -F")]
    public void AreNotForScriptsThatCouldSeeThem(string script) => Assert.False(HasFunctions(script));

    [Theory]
    [InlineData("#!/bin/bash -e\niptables -F")]
    [InlineData("#!/bin/bash\ntrap 'iptables -F x; rm -f \"$T\"' EXIT\ntrap - 0\niptables -F")]
    [InlineData("#!/bin/sh -eu\n. /etc/os-release\niptables -F")]
    [InlineData("#!/bin/sh\nreadonly IPT=/sbin/iptables\nPATH=/usr/sbin:/sbin:/bin\n$IPT -F # source and . destination\necho allow . any")]
    public void AreForOthers(string script) => Assert.True(HasFunctions(script));

    private static bool HasFunctions(string text)
    {
        string directory = Directory.CreateTempSubdirectory("atom-test-").FullName;
        try
        {
            File.WriteAllText($"{directory}/iptables", "#!/bin/sh\n");
            File.WriteAllText($"{directory}/lib.sh", ReadIn);
            File.WriteAllText(
                $"{directory}/script", text.Replace("FILE", $"{directory}/lib.sh", StringComparison.Ordinal).Replace("DIR", directory, StringComparison.Ordinal));
            return ShellFunctions.For($"{directory}/script", ToolFiles.Find(), Acceleration.Waiting).Text.Length > 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
