using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("iptables-atom")]
[assembly: InternalsVisibleTo("IptablesAtom.Tests")]
[assembly: InternalsVisibleTo("IptablesAtom.Bench")]
