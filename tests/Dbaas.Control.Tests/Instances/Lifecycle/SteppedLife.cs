using System.Text.Json.Nodes;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>What tests of operations do with an instance before and after the operation they are about.</summary>
internal static class SteppedLife
{
    /// <summary>What the reconciler finds dead it brings back; a failed instance is started by its user.</summary>
    public static async Task ServesAsync(this SteppedControl stepped, string id)
    {
        if (await stepped.StatusAsync(id) == "failed")
        {
            var started = await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/start");
            Assert.Equal(OperationStates.Succeeded, started.State);
        }

        if (await stepped.ReconcileAsync(id) is { } recovery)
        {
            var recovered = await stepped.RunAsync(recovery);
            Assert.Equal(InstanceKinds.Recover, recovered.Kind);
            Assert.Equal(OperationStates.Succeeded, recovered.State);
        }

        Assert.Equal("available", await stepped.StatusAsync(id));
    }

    /// <summary>Deletes it; the books must balance afterwards.</summary>
    public static async Task EndAsync(this SteppedControl stepped, string id)
    {
        var deleted = await stepped.RunAsync(HttpMethod.Delete, $"/instances/{id}");
        Assert.Equal(OperationStates.Succeeded, deleted.State);
        await InstanceBooks.BalanceAsync(stepped, id, "delete");
    }

    /// <summary>Inputs of another size and with another setting in each turn.</summary>
    public static JsonObject Resized(JsonObject inputs, int turn)
    {
        var changed = inputs.DeepClone().AsObject();
        changed["cpu"] = 0.5 + (turn % 2 * 0.5);
        changed["memoryGib"] = 1 + ((turn + 1) % 2);
        changed["parameters"] = new JsonObject { ["work_mem"] = $"{4 + turn}MB" };
        return changed;
    }
}
