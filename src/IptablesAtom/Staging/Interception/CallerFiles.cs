using System.Globalization;

namespace IptablesAtom.Staging.Interception;

/// <summary>Looks at the caller's descriptors while it waits for its answer.</summary>
internal static class CallerFiles
{
    /// <summary>True if its standard error is /dev/null: the script does not want to hear of a failure.</summary>
    internal static bool DiscardsMessages(int pid)
    {
        try
        {
            return File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd/2"), returnFinalTarget: false)?.FullName
                == "/dev/null";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // closed, or gone
        }
    }
}
