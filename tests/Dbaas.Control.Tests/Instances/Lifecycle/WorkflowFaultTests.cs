using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>Promise 10 for every workflow of an instance: whatever goes wrong wherever, it ends succeeded or taken back, and clean.</summary>
public sealed class WorkflowFaultTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    [Theory]
    [InlineData(StepFault.None)]
    [InlineData(StepFault.Twice)]
    [InlineData(StepFault.OnceBefore)]
    [InlineData(StepFault.OnceAfter)]
    [InlineData(StepFault.DieBeforeSave)]
    [InlineData(StepFault.DieAfterSave)]
    public async Task Given_a_fault_that_passes_in_every_step_when_an_instance_lives_its_life_then_all_of_it_succeeds(
        StepFault fault
    )
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await SucceedAsync(HttpMethod.Post, "/instances", inputs, fault);
        var path = $"/instances/{id}";
        Assert.Equal("available", await stepped.StatusAsync(id));

        await SucceedAsync(HttpMethod.Put, path, Changed(inputs, 2), fault);
        Assert.Empty(
            (await InstanceLifeTests.PlanAsync(stepped.Api, "update", id, Changed(inputs, 2)))[
                "changes"
            ]!.AsArray()
        );
        await SucceedAsync(HttpMethod.Post, path + "/restart", null, fault);
        await SucceedAsync(HttpMethod.Post, path + "/stop", null, fault);
        Assert.Equal("stopped", await stepped.StatusAsync(id));
        await SucceedAsync(HttpMethod.Post, path + "/start", null, fault);
        Assert.Equal("available", await stepped.StatusAsync(id));
        await SucceedAsync(HttpMethod.Post, path + "/credentials/rotate", null, fault);
        Assert.Equal("available", await stepped.StatusAsync(id));
        await SucceedAsync(HttpMethod.Delete, path, null, fault);

        await InstanceRemains.NothingAsync(stepped.Services, id);
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(stepped.Services, "instance.keys.shredded", id)
        );
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(stepped.Services, "instance.deleted", id)
        );
    }

    [Theory]
    [InlineData(StepFault.ForGoodBefore)]
    [InlineData(StepFault.ForGoodAfter)]
    public async Task Given_a_create_when_any_step_fails_for_good_then_nothing_is_left_and_the_name_is_free(
        StepFault fault
    )
    {
        var name = InstanceApi.Name();
        var steps = stepped.StepsOf(InstanceKinds.Create);

        // What the last step has saved is there: see the matrix.
        var last = fault is StepFault.ForGoodAfter ? steps.Count - 1 : steps.Count;
        foreach (var step in StepSample.Of(last))
        {
            var row = await stepped.RunAsync(
                HttpMethod.Post,
                "/instances",
                InstanceApi.Inputs(name),
                fault,
                step
            );
            Assert.True(row.State == OperationStates.Undone, $"{steps[step]}: {row.State}");
            Assert.Equal("test.fault", row.Error!["code"]!.GetValue<string>());
            Assert.Equal(
                1,
                await InstanceRemains.CountAsync(
                    stepped.Services,
                    "SELECT count(*) FROM event WHERE resource_id = $1 AND message LIKE 'instance.create of % has been undone.'",
                    row.ResourceId
                )
            );
            await InstanceRemains.NothingAsync(stepped.Services, row.ResourceId);
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await stepped.Api.GetAsync($"/instances/{name}")).Status
            );
        }
    }

    [Theory]
    [InlineData("EnsureImage")]
    [InlineData("CreateVolume")]
    [InlineData("OpenVolume")]
    [InlineData("CreateMachine")]
    [InlineData("StartMachine")]
    [InlineData("EnsureStoreUser")]
    [InlineData("Agent/v1/engine/start")]
    [InlineData("SetEndpoint")]
    [InlineData("Agent/v1/health")]
    public async Task Given_a_create_when_the_host_refuses_a_verb_then_it_is_taken_back_and_says_why(
        string verb
    )
    {
        var faults = InstanceRemains.Driver(stepped.Services).Faults;
        faults.Script(verb, SimulatedFaultMode.FailForGood);
        var row = await stepped.RunAsync(
            HttpMethod.Post,
            "/instances",
            InstanceApi.Inputs(InstanceApi.Name())
        );
        faults.Clear();
        Assert.Equal(OperationStates.Undone, row.State);
        Assert.Contains(verb, row.Error!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        await InstanceRemains.NothingAsync(stepped.Services, row.ResourceId);
    }

    [Theory]
    [InlineData(StepFault.ForGoodBefore)]
    [InlineData(StepFault.ForGoodAfter)]
    public async Task Given_an_update_when_any_step_fails_for_good_then_the_instance_is_what_it_was(
        StepFault fault
    )
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs["name"]!.GetValue<string>());
        var before = (await stepped.Api.GetAsync($"/instances/{id}")).Body!.AsObject();
        var steps = stepped.StepsOf(InstanceKinds.Update);

        // What has been finished is not taken back: the last step is its own last effect.
        var last = fault is StepFault.ForGoodAfter ? steps.Count - 1 : steps.Count;
        foreach (var step in StepSample.Of(last))
        {
            var row = await stepped.RunAsync(
                HttpMethod.Put,
                $"/instances/{id}",
                Changed(inputs, step + 2),
                fault,
                step
            );
            Assert.True(row.State == OperationStates.Undone, $"{steps[step]}: {row.State}");
            var after = (await stepped.Api.GetAsync($"/instances/{id}")).Body!.AsObject();
            foreach (
                var name in inputs
                    .Select(pair => pair.Key)
                    .Append("status")
                    .Append("parameters")
                    .Append("pendingChanges")
            )
            {
                Assert.True(
                    JsonNode.DeepEquals(before[name], after[name]),
                    $"{steps[step]}: {name} is {after[name]?.ToJsonString()}"
                );
            }
        }

        await SucceedAsync(HttpMethod.Put, $"/instances/{id}", Changed(inputs, 20), StepFault.None);
        await SucceedAsync(HttpMethod.Delete, $"/instances/{id}", null, StepFault.None);
        await InstanceRemains.NothingAsync(stepped.Services, id);
    }

    [Theory]
    [InlineData(InstanceKinds.Stop, StepFault.ForGoodBefore)]
    [InlineData(InstanceKinds.Stop, StepFault.ForGoodAfter)]
    [InlineData(InstanceKinds.Start, StepFault.ForGoodBefore)]
    [InlineData(InstanceKinds.Start, StepFault.ForGoodAfter)]
    [InlineData(InstanceKinds.Restart, StepFault.ForGoodBefore)]
    [InlineData(InstanceKinds.Restart, StepFault.ForGoodAfter)]
    public async Task Given_an_operation_without_undo_when_any_step_fails_for_good_then_it_says_so_and_the_next_start_mends_it(
        string kind,
        StepFault fault
    )
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        var path = $"/instances/{id}";
        var steps = stepped.StepsOf(kind);
        foreach (var step in StepSample.Of(steps.Count))
        {
            if (kind == InstanceKinds.Start)
            {
                await SucceedAsync(HttpMethod.Post, path + "/stop", null, StepFault.None);
            }

            var row = await stepped.RunAsync(
                HttpMethod.Post,
                $"{path}/{kind.Split('.')[1]}",
                null,
                fault,
                step
            );
            Assert.True(row.State == OperationStates.Failed, $"{steps[step]}: {row.State}");
            if (fault is StepFault.ForGoodAfter && step == steps.Count - 1)
            {
                // The instance had arrived; only the operation could not say so.
                Assert.Equal(
                    kind == InstanceKinds.Stop ? "stopped" : "available",
                    await stepped.StatusAsync(id)
                );
            }
            else
            {
                Assert.Equal("failed", await stepped.StatusAsync(id));
            }

            if (await stepped.StatusAsync(id) != "available")
            {
                await SucceedAsync(HttpMethod.Post, path + "/start", null, StepFault.None);
            }

            Assert.Equal("available", await stepped.StatusAsync(id));
        }

        await SucceedAsync(HttpMethod.Delete, path, null, StepFault.None);
        await InstanceRemains.NothingAsync(stepped.Services, id);
    }

    [Theory]
    [InlineData(StepFault.ForGoodBefore)]
    [InlineData(StepFault.ForGoodAfter)]
    public async Task Given_a_delete_when_any_step_fails_for_good_then_the_next_delete_finishes_it(
        StepFault fault
    )
    {
        var steps = stepped.StepsOf(InstanceKinds.Delete);
        foreach (var step in StepSample.Of(steps.Count))
        {
            var id = await stepped.CreateAsync(InstanceApi.Name());
            var row = await stepped.RunAsync(
                HttpMethod.Delete,
                $"/instances/{id}",
                null,
                fault,
                step
            );
            Assert.True(row.State == OperationStates.Failed, $"{steps[step]}: {row.State}");
            if (step < steps.Count - 1 || fault is StepFault.ForGoodBefore)
            {
                await SucceedAsync(HttpMethod.Delete, $"/instances/{id}", null, StepFault.None);
            }

            await InstanceRemains.NothingAsync(stepped.Services, id);
            Assert.Equal(
                1,
                await InstanceRemains.EventsAsync(stepped.Services, "instance.deleted", id)
            );
        }
    }

    private async Task<string> SucceedAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        StepFault fault
    )
    {
        var row = await stepped.RunAsync(method, path, body, fault);
        Assert.True(
            row.State == OperationStates.Succeeded,
            $"{row.Kind} {row.State} in {row.CurrentStep}: {row.Error?.ToJsonString()}"
        );
        return row.ResourceId;
    }

    private static JsonObject Changed(JsonObject inputs, int storage)
    {
        var changed = inputs.DeepClone().AsObject();
        changed["cpu"] = 1;
        changed["memoryGib"] = 2;
        changed["storageGib"] = storage;
        changed["allowedCidrs"] = new JsonArray("10.0.0.0/8");
        changed["parameters"] = new JsonObject { ["max_connections"] = "50" };
        return changed;
    }
}
