using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines.Simulated;

/// <summary>Lists what a simulated host holds in the words of a real inventory.</summary>
internal static class SimulatedInventory
{
    public static Inventory Of(SimulatedState state)
    {
        var inventory = new Inventory();
        foreach (var (id, volume) in state.Volumes)
        {
            Add(inventory, "volume", id, volume.Owner, $"{volume.SizeBytes} bytes");
            if (volume.Open)
            {
                Add(inventory, "mount", id, volume.Owner, "");
                Add(inventory, "volume-key", id, volume.Owner, "");
            }
        }

        foreach (var (id, machine) in state.Machines)
        {
            Add(inventory, "container", id, machine.Owner, machine.State);
        }

        foreach (var (id, endpoint) in state.Endpoints)
        {
            Add(
                inventory,
                "gateway-entry",
                id,
                endpoint.Owner,
                $"{endpoint.Address}:{endpoint.Port}"
            );
        }

        foreach (var (id, user) in state.StoreUsers)
        {
            Add(inventory, "store-user", id, user.Owner, "");
        }

        return inventory;
    }

    private static void Add(
        Inventory inventory,
        string kind,
        string name,
        SimulatedOwner owner,
        string detail
    ) =>
        inventory.Items.Add(
            new InventoryItem
            {
                Kind = kind,
                Name = name,
                Detail = detail,
                Owner = new Owner
                {
                    TenantId = owner.TenantId,
                    InstanceId = owner.InstanceId,
                    MemberId = owner.MemberId,
                },
            }
        );
}
