using System.Net.NetworkInformation;

namespace Dbaas.Supervisor.Installations;

/// <summary>Finds a slot that neither another installation nor anything else on the box uses.</summary>
internal static class FreeSlot
{
    /// <exception cref="SupervisorException">Every slot is taken.</exception>
    public static Slot Find(IReadOnlyList<Installation> others, int? portBase, int? uidBase)
    {
        var listening = IPGlobalProperties
            .GetIPGlobalProperties()
            .GetActiveTcpListeners()
            .Select(endPoint => endPoint.Port)
            .ToHashSet();
        var networks = UsedNetworks();
        for (var number = 0; number < Slot.Count; number++)
        {
            var slot = new Slot(number);
            if (
                IsFree(slot, others, portBase, uidBase)
                && !networks.Contains(slot.FirstMachineOctet)
                && !networks.Contains(slot.FirstMachineOctet + 1)
                && !Slot.PortOffsets.Any(offset =>
                    listening.Contains((portBase ?? slot.PortBase) + offset)
                )
            )
            {
                return slot;
            }
        }

        throw new SupervisorException(
            "No free set of ports and address ranges was found. Choose ports with --port-base, or remove an installation that is no longer used."
        );
    }

    /// <summary>Whether the slot meets none of the installations known on the box, running or not.</summary>
    public static bool IsFree(
        Slot slot,
        IReadOnlyList<Installation> others,
        int? portBase = null,
        int? uidBase = null
    )
    {
        var ports = portBase ?? slot.PortBase;
        var uids = uidBase ?? slot.UidBase;
        return others.All(other =>
            Math.Abs(other.PortBase - ports) >= 50
            && Math.Abs(other.UidBase - uids) >= 10_000
            && other.Regions.All(region =>
                !region.MachineRange.StartsWith(
                    $"10.{slot.FirstMachineOctet}.",
                    StringComparison.Ordinal
                )
                && !region.MachineRange.StartsWith(
                    $"10.{slot.FirstMachineOctet + 1}.",
                    StringComparison.Ordinal
                )
            )
        );
    }

    /// <summary>Second octets of networks 10.N that this box has an address in or a route to.</summary>
    private static HashSet<int> UsedNetworks()
    {
        var octets = new HashSet<int>();
        foreach (var face in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var address in face.GetIPProperties().UnicastAddresses)
            {
                Add(address.Address.GetAddressBytes());
            }
        }

        foreach (var line in File.ReadLines("/proc/net/route").Skip(1))
        {
            var fields = line.Split('\t');
            // Destination in network byte order as one little-endian hex word; 00000000 is the default route.
            if (
                fields.Length > 2
                && uint.TryParse(
                    fields[1],
                    System.Globalization.NumberStyles.HexNumber,
                    null,
                    out var word
                )
            )
            {
                Add(BitConverter.GetBytes(word));
            }
        }

        return octets;

        void Add(byte[] bytes)
        {
            if (bytes is [10, var second, _, _])
            {
                octets.Add(second);
            }
        }
    }
}
