using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IptablesAtom.Model;

namespace IptablesAtom.Staging.Interception;

/// <summary>Values of options, read strictly: what is "valid" here is taken by every iptables; the rest may be.</summary>
internal static class OptionValue
{
    private static readonly SearchValues<char> NotInInterfaces = SearchValues.Create(" \t/!*+");
    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:");

    /// <summary>An address with a prefix as a part of a sketch (masked, "" for everything), and whether it is surely valid.</summary>
    internal static (string Part, bool IsValid) Address(string value, Family family)
    {
        int slash = value.IndexOf('/', StringComparison.Ordinal);
        string address = slash < 0 ? value : value[..slash];
        int bits = family == Family.Ipv4 ? 32 : 128;
        int prefix = bits;
        if (slash >= 0 && !TryNumber(value.AsSpan(slash + 1), bits, out prefix))
        {
            return (RuleSketch.Any, false);
        }

        return family == Family.Ipv4 ? Ipv4(address, prefix) : Ipv6(address, prefix);
    }

    internal static string Protocol(string value) => value switch
    {
        "tcp" or "6" => "tcp",
        "udp" or "17" => "udp",
        "icmp" or "1" => "icmp",
        "all" or "0" => "",
        _ => RuleSketch.Any,
    };

    internal static bool IsPort(string value) => TryNumber(value, 65535, out _);

    internal static bool IsPortRange(string value) => RangeOf(value) is not null;

    internal static bool IsPortList(string value)
    {
        int slots = 0;
        foreach (string part in value.Split(','))
        {
            if (RangeOf(part) is not { } isRange)
            {
                return false;
            }

            slots += isRange ? 2 : 1;
        }

        return slots <= 15;
    }

    internal static bool IsInterface(string value) =>
        value.Length is >= 1 and <= 15 && value.AsSpan().IndexOfAny(NotInInterfaces) < 0 && value.All(c => c is > ' ' and < '\x7f');

    internal static bool IsComment(string value) => value.Length is >= 1 and <= 255 && value.All(c => c is >= ' ' and not '\x7f');

    /// <summary>NAT addresses are alike to the kernel as long as they have the same form.</summary>
    internal static string NatMask(string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        string address = colon < 0 ? value : value[..colon];
        if (!Ipv4(address, 32).IsValid)
        {
            return value;
        }

        return colon < 0 ? "T" : IsPort(value[(colon + 1)..]) && value[(colon + 1)..] != "0" ? "TP" : value;
    }

    /// <summary>Null: no port or range. Else whether it is a range.</summary>
    private static bool? RangeOf(string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return IsPort(value) ? false : null;
        }

        return TryNumber(value.AsSpan(0, colon), 65535, out int from) && TryNumber(value.AsSpan(colon + 1), 65535, out int to) && from <= to
            ? true
            : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int most, out int number)
    {
        number = 0;
        return text.Length is > 0 and < 6 && (text.Length == 1 || text[0] != '0') && text.IndexOfAnyExceptInRange('0', '9') < 0
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
    }

    private static (string Part, bool IsValid) Ipv4(string address, int prefix)
    {
        uint value = 0;
        int parts = 0;
        foreach (Range range in address.AsSpan().Split('.'))
        {
            if (++parts > 4 || !TryNumber(address.AsSpan(range), 255, out int part))
            {
                return (RuleSketch.Any, false);
            }

            value = (value << 8) | (uint)part;
        }

        if (parts != 4)
        {
            return (RuleSketch.Any, false);
        }

        value &= prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
        return (prefix == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{value:x8}/{prefix}"), true);
    }

    private static (string Part, bool IsValid) Ipv6(string address, int prefix)
    {
        if (address.AsSpan().IndexOfAnyExcept(Ipv6Characters) >= 0 || !address.Contains(':', StringComparison.Ordinal)
            || !IPAddress.TryParse(address, out IPAddress? parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return (RuleSketch.Any, false);
        }

        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(parsed.GetAddressBytes());
        value &= prefix == 0 ? 0 : UInt128.MaxValue << (128 - prefix);
        return (prefix == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{value:x32}/{prefix}"), true);
    }
}
