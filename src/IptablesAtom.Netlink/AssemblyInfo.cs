using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("IptablesAtom")]
[assembly: InternalsVisibleTo("iptables-atom")]
[assembly: InternalsVisibleTo("IptablesAtom.Tests")]
[assembly: InternalsVisibleTo("IptablesAtom.Load")]
[assembly: InternalsVisibleTo("IptablesAtom.Bench")]
