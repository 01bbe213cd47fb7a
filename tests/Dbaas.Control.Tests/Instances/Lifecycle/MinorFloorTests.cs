using System.Net;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>A floor above the minor that runs moves the machine to a newer image; without one nothing moves.</summary>
public sealed class MinorFloorTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    [Fact]
    public async Task Given_a_floor_that_no_image_meets_when_planned_then_it_is_refused_with_what_there_is()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        var runs = (await stepped.Api.GetAsync($"/instances/{id}")).Text("actualVersion");
        inputs["engineVersion"] = "18.900";

        foreach (var action in (string[])["update", "create"])
        {
            if (action == "create")
            {
                inputs["name"] = InstanceApi.Name();
            }

            var plan = await InstanceLifeTests.PlanAsync(
                stepped.Api,
                action,
                action == "update" ? id : null,
                inputs
            );
            var error = Assert.Single(plan["errors"]!.AsArray())!;
            Assert.Equal("instance.minor_unavailable", error["code"]!.GetValue<string>());
            Assert.Equal("/engineVersion", error["pointer"]!.GetValue<string>());
            Assert.Contains(runs, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        var answer = await stepped.Api.SendAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
    }

    [Fact]
    public async Task Given_a_newer_image_when_the_floor_is_raised_then_that_instance_alone_moves_and_the_next_plan_is_empty()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        var other = await stepped.CreateAsync(InstanceApi.Name());
        var old = (await stepped.Api.GetAsync($"/instances/{other}")).Text("actualVersion");
        var newer = await FreshImages.BuildAsync(InstanceRemains.Driver(stepped.Services));

        inputs["engineVersion"] = newer;
        var plan = await InstanceLifeTests.PlanAsync(stepped.Api, "update", id, inputs);
        Assert.True(plan["restart"]!.GetValue<bool>(), plan.ToJsonString());
        Assert.True(plan["expectedWriteOutage"]!["seconds"]!.GetValue<double>() > 0);
        Assert.Equal(
            "restart",
            Assert.Single(plan["changes"]!.AsArray())!["effect"]!.GetValue<string>()
        );

        var moved = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        Assert.Equal(OperationStates.Succeeded, moved.State);
        Assert.True(moved.Memory["writeOutageSeconds"]!.GetValue<double>() > 0);
        await FreshImages.RunsAsync(stepped, id, moved: true, newer, "a floor");
        await InstanceBooks.BalanceAsync(stepped, id, "a floor");
        Assert.Empty(
            (await InstanceLifeTests.PlanAsync(stepped.Api, "update", id, inputs))[
                "changes"
            ]!.AsArray()
        );

        // What asked for nothing stays, also over a restart of its machine; what is new starts from the newest.
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{other}/stop");
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{other}/start");
        Assert.Equal($"sim-postgresql-{old}", await FreshImages.ImageAsync(stepped, other));
        var fresh = await stepped.CreateAsync(InstanceApi.Name());
        Assert.Equal(
            newer,
            (await stepped.Api.GetAsync($"/instances/{fresh}")).Text("actualVersion")
        );
    }

    [Fact]
    public async Task Given_the_policy_window_when_the_floor_is_raised_then_the_move_waits_for_the_window()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        inputs["changePolicy"] = "window";
        inputs["maintenanceWindow"] = WaitingChanges.WindowAt(DateTimeOffset.UtcNow.AddDays(3));
        var id = await stepped.CreateAsync(inputs);
        var newer = await FreshImages.BuildAsync(InstanceRemains.Driver(stepped.Services));
        inputs["engineVersion"] = newer;
        var plan = await InstanceLifeTests.PlanAsync(stepped.Api, "update", id, inputs);
        Assert.True(plan["deferred"]!.GetValue<bool>(), plan.ToJsonString());

        var asked = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        Assert.Equal(OperationStates.Succeeded, asked.State);
        var waiting = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        Assert.NotEqual(newer, waiting["actualVersion"]!.GetValue<string>());
        var pending = Assert.Single(waiting["pendingChanges"]!.AsArray())!;
        Assert.Equal("/engineVersion", pending["property"]!.GetValue<string>());
        Assert.NotEqual("", pending["dueAt"]!.GetValue<string>());
        await InstanceBooks.BalanceAsync(stepped, id, "a move that waits");
        Assert.Null(await stepped.ReconcileAsync(id));

        inputs["maintenanceWindow"] = WaitingChanges.WindowAt(DateTimeOffset.UtcNow.AddMinutes(-2));
        await stepped.Api.SendAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        // One that fails puts the old image back, and is not tried again in the same window: each try is an outage.
        var failed = await stepped.RunAsync(
            (await stepped.ReconcileAsync(id))!.Value,
            StepFault.ForGoodAfter,
            stepped.StepsOf(InstanceKinds.Update).ToList().IndexOf("start-on-image")
        );
        Assert.Equal(OperationStates.Undone, failed.State);
        await InstanceBooks.BalanceAsync(stepped, id, "a move that failed");
        Assert.Null(await stepped.ReconcileAsync(id));

        inputs["cpu"] = 1;
        await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        var moved = await stepped.RunAsync((await stepped.ReconcileAsync(id))!.Value);
        Assert.Equal((InstanceKinds.Update, OperationStates.Succeeded), (moved.Kind, moved.State));
        await FreshImages.RunsAsync(stepped, id, moved: true, newer, "a move in its window");
        await InstanceBooks.BalanceAsync(stepped, id, "a move in its window");
    }

    [Fact]
    public async Task Given_a_stopped_instance_when_the_floor_is_raised_then_it_starts_from_the_newer_image()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/stop");
        var newer = await FreshImages.BuildAsync(InstanceRemains.Driver(stepped.Services));
        inputs["engineVersion"] = newer;

        var changed = await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);
        Assert.Equal(OperationStates.Succeeded, changed.State);
        Assert.Equal("stopped", await stepped.StatusAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "a move of a stopped instance");

        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/start");
        await FreshImages.RunsAsync(stepped, id, moved: true, newer, "a start from a newer image");
        await InstanceBooks.BalanceAsync(stepped, id, "a start from a newer image");
    }
}
