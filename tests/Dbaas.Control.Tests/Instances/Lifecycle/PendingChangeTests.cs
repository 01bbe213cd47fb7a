using System.Text.Json.Nodes;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>A change that waited and then fails is taken back and told, as one that is made at once (R9.5); it must end.</summary>
public sealed class PendingChangeTests(SteppedControl stepped)
    : IClassFixture<SteppedControl>,
        IDisposable
{
    /// <summary>More than the simulated engine's memory can hold: it does not start with them.</summary>
    private const string TooMany = "400";

    [Fact]
    public async Task Given_a_setting_that_fails_in_its_window_then_it_is_taken_back_told_and_not_tried_again()
    {
        var inputs = Waiting();
        var id = await stepped.CreateAsync(inputs);
        await DeferAsync(id, inputs, TooMany);

        var failed = await stepped.RunAsync((await stepped.ReconcileAsync(id))!.Value);

        Assert.Equal(OperationStates.Undone, failed.State);
        Assert.Equal("engine.settings_rolled_back", failed.Error!["code"]!.GetValue<string>());
        var view = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.Equal("available", view["status"]!.GetValue<string>());
        Assert.Contains(
            "/parameters/max_connections) was taken back: The machine has no memory",
            view["statusReason"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.Empty(view["pendingChanges"]!.AsArray());
        Assert.Null(view["parameters"]?["max_connections"]);
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(
                stepped.Services,
                "instance.pending_changes.taken_back",
                id
            )
        );
        await InstanceBooks.BalanceAsync(stepped, id, "a window that failed");
        Assert.Null(await stepped.ReconcileAsync(id));

        // And the next good change clears what is said.
        await DeferAsync(id, inputs, "150");
        var arrived = await stepped.RunAsync((await stepped.ReconcileAsync(id))!.Value);
        Assert.Equal(OperationStates.Succeeded, arrived.State);
        Assert.Null(await stepped.ReasonAsync(id));
    }

    [Fact]
    public async Task Given_an_instance_of_the_version_before_when_its_window_fails_then_the_change_waits_for_somebody()
    {
        var inputs = Waiting();
        var id = await stepped.CreateAsync(inputs);
        await DeferAsync(id, inputs, TooMany);
        await stepped.ExecuteAsync(
            "UPDATE instance SET arrived_spec = NULL WHERE instance_id = $1",
            id
        );

        var failed = await stepped.RunAsync((await stepped.ReconcileAsync(id))!.Value);

        Assert.Equal(OperationStates.Undone, failed.State);
        var view = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.Equal(
            "",
            Assert.Single(view["pendingChanges"]!.AsArray())!["dueAt"]!.GetValue<string>()
        );
        Assert.Null(await stepped.ReconcileAsync(id));
    }

    [Fact]
    public async Task Given_a_setting_that_waits_when_another_change_is_taken_back_then_it_still_waits_and_is_not_tried()
    {
        var inputs = Waiting();
        inputs["maintenanceWindow"] = WaitingChanges.WindowAt(DateTimeOffset.UtcNow.AddDays(3));
        var id = await stepped.CreateAsync(inputs);
        await DeferAsync(id, inputs, TooMany);
        inputs["changePolicy"] = "immediate";
        inputs["parameters"]!["shared_buffers"] = "96MB";
        inputs["parameters"]!["max_connections"] = "160";
        var steps = stepped.StepsOf("instance.update");

        var undone = await stepped.RunAsync(
            HttpMethod.Put,
            $"/instances/{id}",
            inputs,
            StepFault.ForGoodBefore,
            steps.ToList().IndexOf("settle-machine")
        );

        Assert.Equal(OperationStates.Undone, undone.State);
        var view = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.Equal(TooMany, view["parameters"]!["max_connections"]!.GetValue<string>());
        Assert.Single(view["pendingChanges"]!.AsArray());
        await InstanceBooks.BalanceAsync(stepped, id, "a change beside one that waits");
    }

    [Fact]
    public async Task Given_a_growth_that_stops_and_settings_that_do_not_start_then_the_engine_comes_back_with_the_old_ones()
    {
        InstanceRemains.Driver(stepped.Services).GrowsMountedVolumes = false;
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        inputs["storageGib"] = 2;
        inputs["parameters"] = new JsonObject { ["max_connections"] = TooMany };

        var undone = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);

        Assert.Equal(OperationStates.Undone, undone.State);
        Assert.Equal("engine.start_failed", undone.Error!["code"]!.GetValue<string>());
        Assert.Equal("available", await stepped.StatusAsync(id));
        Assert.Null(await stepped.ReconcileAsync(id));
    }

    public void Dispose() => InstanceRemains.Driver(stepped.Services).GrowsMountedVolumes = true;

    private static JsonObject Waiting() =>
        WaitingChanges.Inputs(DateTimeOffset.UtcNow.AddMinutes(-2));

    private async Task DeferAsync(string id, JsonObject inputs, string connections)
    {
        inputs["parameters"] = new JsonObject { ["max_connections"] = connections };
        Assert.Single(await WaitingChanges.AskAsync(stepped, id, inputs));
    }
}
