using IptablesAtom.Cli;
using IptablesAtom.Staging;

// The launcher must come first: nothing of the runtime's console or signals may be touched in it.
return Launcher.IsMeant(args) ? Launcher.Main(args) : CommandLine.Invoke(UserNamespace.Unwrap(args));
