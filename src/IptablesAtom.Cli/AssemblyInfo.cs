using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("IptablesAtom.Tests")]
