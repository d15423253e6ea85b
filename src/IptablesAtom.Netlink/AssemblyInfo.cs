using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("IptablesAtom")]
[assembly: InternalsVisibleTo("iptables-atom")]
[assembly: InternalsVisibleTo("IptablesAtom.Tests")]
