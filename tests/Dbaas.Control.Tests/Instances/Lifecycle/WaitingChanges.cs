using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>Changes of which something waits for a maintenance window.</summary>
internal static class WaitingChanges
{
    public static JsonObject Inputs(DateTimeOffset window)
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        inputs["changePolicy"] = "window";
        inputs["maintenanceWindow"] = WindowAt(window);
        return inputs;
    }

    public static JsonObject WindowAt(DateTimeOffset start) =>
        new()
        {
            ["day"] = start.DayOfWeek.ToString().ToLowerInvariant(),
            ["startTime"] = start.ToString("HH:mm", CultureInfo.InvariantCulture),
            ["durationMinutes"] = 60,
        };

    /// <summary>Makes a change that succeeds, and of which something waits.</summary>
    /// <returns>What waits.</returns>
    public static async Task<JsonArray> AskAsync(
        SteppedControl stepped,
        string id,
        JsonObject inputs
    )
    {
        var changed = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        Assert.Equal(OperationStates.Succeeded, changed.State);
        var view = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        var pending = view["pendingChanges"]!.AsArray();
        Assert.NotEmpty(pending);
        return pending;
    }
}
