using System.Text.Json.Nodes;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>A change is taken back to what there was, whatever else has happened to the instance and beside it.</summary>
public sealed class TakenBackChangeTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    /// <summary>More than the simulated engine's memory can hold: it does not start with them.</summary>
    private const string TooMany = "400";

    [Fact]
    public async Task Given_an_engine_that_ends_in_the_middle_of_a_change_when_it_is_back_then_the_change_goes_on()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        InstanceRemains.Driver(stepped.Services).InterruptEngines(id, times: 2);
        inputs["databases"] = new JsonArray("later");

        var changed = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);

        Assert.Equal(OperationStates.Succeeded, changed.State);
        await InstanceBooks.BalanceAsync(stepped, id, "a change that was interrupted");
    }

    [Fact]
    public async Task Given_a_rename_whose_old_name_is_taken_meanwhile_when_it_is_taken_back_then_the_new_name_stays()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        var (old, renamed) = (inputs["name"]!.GetValue<string>(), InstanceApi.Name());
        inputs["name"] = renamed;
        inputs["cpu"] = 1;
        var change = await stepped.BeginAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        var other = await stepped.CreateAsync(old);

        var undone = await stepped.RunAsync(
            change,
            StepFault.ForGoodBefore,
            stepped.StepsOf("instance.update").ToList().IndexOf("apply-settings")
        );

        Assert.Equal(OperationStates.Undone, undone.State);
        var view = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.Equal(renamed, view["name"]!.GetValue<string>());
        Assert.Equal("available", view["status"]!.GetValue<string>());
        Assert.Equal(
            other,
            (await stepped.Api.GetAsync($"/instances/{old}")).Body!["id"]!.GetValue<string>()
        );
        await InstanceBooks.BalanceAsync(stepped, id, "a rename that was taken back");
        await stepped.EndAsync(id);
        await stepped.EndAsync(other);
    }

    [Fact]
    public async Task Given_a_setting_that_waits_and_would_not_start_when_a_move_to_an_image_is_taken_back_then_it_is_not_tried()
    {
        var inputs = WaitingChanges.Inputs(DateTimeOffset.UtcNow.AddDays(3));
        var id = await stepped.CreateAsync(inputs);
        inputs["parameters"] = new JsonObject { ["max_connections"] = TooMany };
        await WaitingChanges.AskAsync(stepped, id, inputs);
        inputs["changePolicy"] = "immediate";
        inputs["engineVersion"] = await FreshImages.BuildAsync(
            InstanceRemains.Driver(stepped.Services)
        );

        var undone = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);

        Assert.Equal(OperationStates.Undone, undone.State);
        Assert.Equal("engine.start_failed", undone.Error!["code"]!.GetValue<string>());
        Assert.Equal("available", await stepped.StatusAsync(id));
        Assert.Null(await stepped.ReconcileAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "a move that was taken back");
        await stepped.EndAsync(id);
    }
}
