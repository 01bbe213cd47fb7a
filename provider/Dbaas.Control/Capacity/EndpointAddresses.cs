using System.Buffers.Binary;
using System.Net;

namespace Dbaas.Control.Capacity;

/// <summary>Draws addresses from a range, going round. Pure.</summary>
internal static class EndpointAddresses
{
    /// <param name="range">An IPv4 network.</param>
    /// <param name="used">Addresses in use.</param>
    /// <param name="last">Drawn last; null for none.</param>
    public static IPAddress? Next(IPNetwork range, IReadOnlySet<string> used, string? last)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(range.BaseAddress.GetAddressBytes());
        var count = 1L << (32 - range.PrefixLength);
        var start = 0L;
        if (
            last is not null
            && IPAddress.TryParse(last, out var previous)
            && range.Contains(previous)
        )
        {
            start = BinaryPrimitives.ReadUInt32BigEndian(previous.GetAddressBytes()) - first;
        }

        Span<byte> bytes = stackalloc byte[4];
        for (var i = 1L; i <= count; i++)
        {
            var offset = (start + i) % count;
            // Addresses that end in 0 or 255 look like networks and broadcasts to some tools.
            if (
                (offset & 0xFF) is 0 or 0xFF && count > 256
                || offset == 0
                || offset == count - 1 && count > 2
            )
            {
                continue;
            }

            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(first + offset));
            var address = new IPAddress(bytes);
            if (!used.Contains(address.ToString()))
            {
                return address;
            }
        }

        return null;
    }
}
