using System.Text;

namespace IptablesAtom.Staging.Interception;

/// <summary>Files of src/shim that are part of the assembly.</summary>
internal static class Resource
{
    internal static byte[] Bytes(string name)
    {
        using Stream stream = typeof(Resource).Assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal static string Text(string name) => Encoding.UTF8.GetString(Bytes(name));
}
