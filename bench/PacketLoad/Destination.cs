namespace IptablesAtom.Load;

/// <summary>Which way packets take.</summary>
public enum Destination
{
    /// <summary>From the client to the firewall itself: PREROUTING, INPUT.</summary>
    Firewall,
    /// <summary>From the client through the firewall to the server: PREROUTING, FORWARD, POSTROUTING.</summary>
    Server,
}
