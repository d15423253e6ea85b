namespace IptablesAtom.Staging;

/// <summary>What the tool and its launcher say to each other over their socketpair.</summary>
internal enum LauncherMessage : byte
{
    /// <summary>Launcher: the namespaces stand. Content: a warning, or nothing.</summary>
    Standing = 1,
    /// <summary>Launcher: the namespaces could not be made. Content: the error number, 4 bytes, and the failed call.</summary>
    Failed,
    /// <summary>Tool: put this system call filter on the script. Content: the program, classic BPF.</summary>
    Filter,
    /// <summary>Launcher: the filter is on. Content: the number of the listener's descriptor, 4 bytes.</summary>
    Listener,
    /// <summary>Tool: this directory has been made on the host to mount on it; take it away when all has ended. Content: its path.</summary>
    Remove,
    /// <summary>Tool: start the script. Content: <see cref="LaunchOrder"/>.</summary>
    Go,
    /// <summary>Launcher: the script could not be started. Content: the error number, 4 bytes.</summary>
    NotStarted,
    /// <summary>Tool: a signal for the script. Content: its number, 1 byte.</summary>
    Signal,
    /// <summary>Tool: a signal for the script and all that it started. Content: its number, 1 byte.</summary>
    SignalAll,
    /// <summary>Launcher: the script and everything below it have ended. Content: its status, 4 bytes, and one NUL-ended text for each process that had been left.</summary>
    Ended,
}
