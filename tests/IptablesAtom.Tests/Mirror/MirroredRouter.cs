using IptablesAtom.Staging.Mirror;
using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Mirror;

/// <summary>One router and its mirror, shared by the tests that only look.</summary>
public sealed class MirroredRouter : IDisposable
{
    public MirroredRouter()
    {
        Live.Sh(HostNamespace.Router);
        Live.Sh(HostNamespace.More);

        // Until live's own duplicate detection has ended: "tentative" would be a difference of time only.
        Live.Sh("for i in $(seq 100); do ip -6 addr show tentative | grep -q tentative || exit 0; sleep 0.1; done; exit 1");
        Result = HostMirror.Copy(Live.Namespace, Staging.Namespace);
    }

    internal TestNamespace Live { get; } = new();

    internal TestNamespace Staging { get; } = new();

    internal MirrorResult Result { get; }

    public void Dispose()
    {
        Result.Dispose();
        Staging.Dispose();
        Live.Dispose();
    }
}
