using Org.BouncyCastle.Crypto.Digests;

namespace IptablesAtom.Bundles;

/// <summary>The SHA-256 of a script's file.</summary>
internal static class ScriptDigest
{
    /// <summary>As hexadecimal digits; null for a program that may be executed but not read.</summary>
    internal static string? Of(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }

        Sha256Digest digest = new();
        digest.BlockUpdate(content, 0, content.Length);
        byte[] result = new byte[digest.GetDigestSize()];
        digest.DoFinal(result, 0);
        return Convert.ToHexStringLower(result);
    }
}
