using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>Growth on a host that grows a volume only while nothing runs on it: it interrupts writes, so it obeys the change policy.</summary>
public sealed class GrowthTests(SteppedControl stepped) : IClassFixture<SteppedControl>, IDisposable
{
    private SimulatedMachineDriver Driver => InstanceRemains.Driver(stepped.Services);

    [Fact]
    public async Task Given_the_policy_window_when_a_growth_stops_the_engine_then_it_waits_for_the_window()
    {
        Driver.GrowsMountedVolumes = false;
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        inputs["changePolicy"] = "window";
        inputs["maintenanceWindow"] = WaitingChanges.WindowAt(DateTimeOffset.UtcNow.AddDays(3));
        var id = await stepped.CreateAsync(inputs);
        inputs["storageGib"] = 2;
        var plan = await InstanceLifeTests.PlanAsync(stepped.Api, "update", id, inputs);
        Assert.True(plan["deferred"]!.GetValue<bool>(), plan.ToJsonString());
        Assert.False(plan["restart"]!.GetValue<bool>());
        Assert.Equal(
            "pending",
            Assert.Single(plan["changes"]!.AsArray())!["effect"]!.GetValue<string>()
        );

        var asked = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        Assert.Equal(OperationStates.Succeeded, asked.State);
        var waiting = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.Equal(1, waiting["actualStorageGib"]!.GetValue<int>());
        var pending = Assert.Single(waiting["pendingChanges"]!.AsArray())!;
        Assert.Equal("/storageGib", pending["property"]!.GetValue<string>());
        Assert.NotEqual("", pending["dueAt"]!.GetValue<string>());
        await InstanceBooks.BalanceAsync(stepped, id, "a growth that waits");
        Assert.Empty(
            (await InstanceLifeTests.PlanAsync(stepped.Api, "update", id, inputs))[
                "changes"
            ]!.AsArray()
        );
        Assert.Null(await stepped.ReconcileAsync(id));

        // Neither a stop and start nor another change loses it.
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/stop");
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/start");
        waiting = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.Single(waiting["pendingChanges"]!.AsArray());
        Assert.Equal(1, waiting["actualStorageGib"]!.GetValue<int>());

        inputs["maintenanceWindow"] = WaitingChanges.WindowAt(DateTimeOffset.UtcNow.AddMinutes(-2));
        await stepped.Api.SendAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        var grown = await stepped.RunAsync((await stepped.ReconcileAsync(id))!.Value);
        Assert.Equal((InstanceKinds.Update, OperationStates.Succeeded), (grown.Kind, grown.State));
        var after = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.Equal(2, after["actualStorageGib"]!.GetValue<int>());
        Assert.Empty(after["pendingChanges"]!.AsArray());
        await InstanceBooks.BalanceAsync(stepped, id, "a growth in its window");
    }

    [Fact]
    public async Task Given_a_host_that_does_not_say_how_it_grows_when_a_volume_shall_grow_then_the_step_waits_for_it()
    {
        Driver.GrowsMountedVolumes = false;
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        inputs["storageGib"] = 2;
        var answer = await stepped.Api.SendAsync(
            HttpMethod.Put,
            $"/instances/{id}",
            inputs,
            wait: 0
        );
        Driver.Described = false;
        var growing = stepped.RunAsync(OperationId.Parse(answer.Text("id"), null));
        await Eventually.BecomesAsync(
            async () =>
                (
                    await stepped.Api.GetAsync($"/operations/{answer.Text("id")}")
                ).Body!.ToJsonString(),
            text => text.Contains("does not say whether", StringComparison.Ordinal)
        );
        Driver.Described = true;
        var grown = await growing;
        Assert.Equal(OperationStates.Succeeded, grown.State);
        Assert.NotNull(grown.Memory["stoppedToGrowAt"]);
        await InstanceBooks.BalanceAsync(stepped, id, "a silent host");
    }

    [Fact]
    public async Task Given_a_history_of_restarts_when_a_growth_is_planned_then_they_do_not_foretell_its_stop()
    {
        Driver.GrowsMountedVolumes = false;
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        for (var turn = 0; turn < 3; turn++)
        {
            await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/restart");
        }

        var restart = await InstanceLifeTests.PlanAsync(stepped.Api, "restart", id, null);
        Assert.Equal(("measured", 0.4), OutageOf(restart));
        inputs["storageGib"] = 2;
        var growth = await InstanceLifeTests.PlanAsync(stepped.Api, "update", id, inputs);
        Assert.Equal("bench", OutageOf(growth).Source);
        Assert.True(growth["restart"]!.GetValue<bool>());
    }

    public void Dispose()
    {
        Driver.GrowsMountedVolumes = true;
        Driver.Described = true;
    }

    private static (string Source, double Seconds) OutageOf(JsonObject plan) =>
        (
            plan["expectedWriteOutage"]!["basis"]!.GetValue<string>(),
            plan["expectedWriteOutage"]!["seconds"]!.GetValue<double>()
        );
}
