using System.Net;

namespace Dbaas.Host.Networks;

/// <summary>Which addresses are whose. Pure.</summary>
internal static class AddressPlan
{
    private const int Subnets = 255; // the last /24 of the /16 holds the service address
    private const int FirstMachine = 2; // .1 is the bridge
    private const int LastMachine = 254;

    /// <summary>The lowest free /24 of the region's /16.</summary>
    /// <exception cref="HostRefusal">All are taken.</exception>
    public static int FreeSubnet(IEnumerable<int> taken) =>
        Free(Enumerable.Range(0, Subnets), taken)
        ?? throw new HostRefusal(
            RefusalKind.Exhausted,
            "network.subnets_exhausted",
            $"All {Subnets} tenant networks of this host are taken."
        );

    /// <summary>The lowest free machine address of a tenant's /24.</summary>
    /// <exception cref="HostRefusal">All are taken.</exception>
    public static IPAddress FreeAddress(
        IPAddress range,
        int subnet,
        IReadOnlyCollection<IPAddress> taken
    ) =>
        Address(
            range,
            subnet,
            Free(
                Enumerable.Range(FirstMachine, LastMachine - FirstMachine + 1),
                taken
                    .Where(address => address.GetAddressBytes()[2] == subnet)
                    .Select(address => (int)address.GetAddressBytes()[3])
            )
                ?? throw new HostRefusal(
                    RefusalKind.Exhausted,
                    "network.addresses_exhausted",
                    "All addresses of the tenant's network on this host are taken."
                )
        );

    /// <summary>The bridge's own address in a tenant's network.</summary>
    public static IPAddress Gateway(IPAddress range, int subnet) => Address(range, subnet, 1);

    /// <summary>
    /// Hardware address of the interface that carries an address: locally administered (02), a letter of ours, the four octets. One
    /// that is drawn would differ each time an address finds its next machine, and whoever still knew the last one would send to it
    /// until its entry expires, half a minute and more.
    /// </summary>
    public static string Hardware(IPAddress address) =>
        "02:db:" + string.Join(':', address.GetAddressBytes().Select(octet => $"{octet:x2}"));

    private static IPAddress Address(IPAddress range, int subnet, int machine)
    {
        var bytes = range.GetAddressBytes();
        return new([bytes[0], bytes[1], (byte)subnet, (byte)machine]);
    }

    private static int? Free(IEnumerable<int> all, IEnumerable<int> taken)
    {
        var used = taken.ToHashSet();
        return all.Where(number => !used.Contains(number)).Select(n => (int?)n).FirstOrDefault();
    }
}
