using System.Net;
using System.Net.Sockets;

namespace Dbaas.Control.Instances.Rules;

/// <summary>Networks in CIDR notation, as strict as a firewall must be.</summary>
internal static class Networks
{
    /// <summary>Null when it may be used, else what is wrong.</summary>
    public static string? Refuse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
        {
            return "Write address and prefix length, for example 10.1.0.0/16.";
        }

        if (
            !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || text.Contains('%', StringComparison.Ordinal)
        )
        {
            return "The address is not valid.";
        }

        // IPAddress takes 10.1 and 0x0a.0.0.1 as well; what looks like another network to a reader is refused.
        if (
            address.AddressFamily == AddressFamily.InterNetwork
            && address.ToString() != text[..slash]
        )
        {
            return $"Write the address with four decimal numbers: {address}.";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return $"Write the IPv4 network itself instead of one mapped into IPv6: {address.MapToIPv4()}.";
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var digits = text[(slash + 1)..];
        if (
            !int.TryParse(digits, System.Globalization.NumberStyles.None, null, out var length)
            || length > bits
            || digits != length.ToString(System.Globalization.CultureInfo.InvariantCulture)
        )
        {
            return $"The prefix length is 0 to {bits}.";
        }

        // IPNetwork masks host bits silently, and a reader would believe in another network than the firewall.
        var network = Base(address, length);
        return network.Equals(address)
            ? null
            : $"The address has bits set beyond the prefix; the network is {network}/{length}.";
    }

    /// <summary>One spelling for one network, so that two spellings are no change.</summary>
    public static string Canonical(string text) =>
        IPNetwork.TryParse(text, out var network) ? network.ToString() : text;

    public static bool IsEverybody(string text) => text.EndsWith("/0", StringComparison.Ordinal);

    private static IPAddress Base(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
