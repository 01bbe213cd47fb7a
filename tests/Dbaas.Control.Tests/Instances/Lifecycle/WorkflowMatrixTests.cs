using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// Every kind of operation under every fault, each at every step where it makes a difference; afterwards the books must balance and the
/// instance must go on with its life.
/// </summary>
public sealed class WorkflowMatrixTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private static readonly StepFault[] s_faults =
    [
        StepFault.Twice,
        StepFault.OnceBefore,
        StepFault.OnceAfter,
        StepFault.DieBeforeSave,
        StepFault.DieAfterSave,
        StepFault.MachineDies,
        StepFault.ForGoodBefore,
        StepFault.ForGoodAfter,
    ];

    public static TheoryData<string, StepFault> Updates
    {
        get
        {
            var data = new TheoryData<string, StepFault>();
            foreach (
                var change in (string[])
                    ["growth that stops", "key", "image", "recover", "window", "rotate"]
            )
            {
                foreach (var fault in s_faults)
                {
                    data.Add(change, fault);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public async Task Given_a_change_when_any_step_goes_wrong_then_it_arrives_or_is_taken_back(
        string change,
        StepFault fault
    )
    {
        var driver = InstanceRemains.Driver(stepped.Services);
        driver.GrowsMountedVolumes = change != "growth that stops";
        var key = change == "key" ? await KeyAsync() : "";
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        if (change == "window")
        {
            inputs["changePolicy"] = "window";
            inputs["maintenanceWindow"] = GrowthTests.WindowAt(
                DateTimeOffset.UtcNow.AddMinutes(-2)
            );
        }

        var id = await stepped.CreateAsync(inputs);
        var kind = change switch
        {
            "recover" => InstanceKinds.Recover,
            "rotate" => InstanceKinds.Rotate,
            _ => InstanceKinds.Update,
        };
        var steps = stepped.StepsOf(kind);
        var lasting = fault is StepFault.ForGoodBefore or StepFault.ForGoodAfter;

        var turn = 0;
        JsonNode? before = null;
        // A fault that passes may strike at all steps of one run; one that lasts ends the run, so it takes a run a step.
        foreach (var at in lasting ? StepSample.Of(steps.Count).Cast<int?>() : [null])
        {
            var what = $"{change}, {fault} at {(at is { } step ? steps[step] : "every step")}";
            OperationRow ended;
            if (change == "recover")
            {
                driver.KillMachines(id);
                ended = await stepped.RunAsync(
                    (await stepped.ReconcileAsync(id))!.Value,
                    fault,
                    at
                );
            }
            else if (change == "rotate")
            {
                ended = await stepped.RunAsync(
                    HttpMethod.Post,
                    $"/instances/{id}/credentials/rotate",
                    null,
                    fault,
                    at
                );
                // A database that serves is never called failed because its password was not changed.
                Assert.Equal("available", await stepped.StatusAsync(id));
            }
            else if (change == "window")
            {
                before = inputs["parameters"]?.DeepClone();
                inputs["parameters"] = new JsonObject { ["max_connections"] = $"{150 + turn++}" };
                await stepped.RunAsync(HttpMethod.Put, $"/instances/{id}", inputs);
                ended = await stepped.RunAsync(
                    (await stepped.ReconcileAsync(id))!.Value,
                    fault,
                    at
                );
            }
            else
            {
                if (change == "image")
                {
                    inputs["engineVersion"] = await FreshImages.BuildAsync(driver);
                }
                else if (change == "key")
                {
                    inputs["kmsKeyId"] = inputs["kmsKeyId"] is null ? key : null;
                }
                else
                {
                    inputs["storageGib"] = inputs["storageGib"]!.GetValue<int>() + 1;
                }

                ended = await stepped.RunAsync(
                    HttpMethod.Put,
                    $"/instances/{id}",
                    inputs,
                    fault,
                    at
                );
            }

            var unfinished = lasting && !(fault is StepFault.ForGoodAfter && at == steps.Count - 1);
            Assert.True(
                !unfinished
                    ? ended.State == OperationStates.Succeeded
                        || (lasting && kind == InstanceKinds.Recover)
                    : ended.State
                        == (kind == InstanceKinds.Recover ? "failed" : OperationStates.Undone),
                $"{what}: {ended.State} {ended.Error?.ToJsonString()}"
            );
            await ServeAsync(id);
            await InstanceBooks.BalanceAsync(stepped, id, what);
            // A fault after the last save: whatever the operation says of itself, the instance had arrived and stays so.
            var arrived = ended.State == OperationStates.Succeeded || (lasting && !unfinished);
            if (change == "image")
            {
                await FreshImages.RunsAsync(
                    stepped,
                    id,
                    arrived,
                    inputs["engineVersion"]!.GetValue<string>(),
                    what
                );
            }

            if (change == "window" && !arrived)
            {
                inputs["parameters"] = before;
            }

            if (change == "window")
            {
                var view = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
                Assert.True(
                    (view["parameters"]?["max_connections"]?.GetValue<string>() ?? "")
                        == (inputs["parameters"]?["max_connections"]?.GetValue<string>() ?? ""),
                    $"{what}: {view["parameters"]}"
                );
            }

            if (change == "key" && ended.State == OperationStates.Undone)
            {
                inputs["kmsKeyId"] = inputs["kmsKeyId"] is null ? key : null;
            }
        }

        driver.GrowsMountedVolumes = true;
        await EndAsync(id);
    }

    [Theory]
    [InlineData(InstanceKinds.Create)]
    [InlineData(InstanceKinds.Update)]
    [InlineData(InstanceKinds.Rotate)]
    public async Task Given_a_last_step_whose_effect_is_saved_when_it_fails_all_the_same_then_nothing_is_taken_back(
        string kind
    )
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = kind == InstanceKinds.Create ? "" : await stepped.CreateAsync(inputs);
        inputs["engineVersion"] = await FreshImages.BuildAsync(
            InstanceRemains.Driver(stepped.Services)
        );
        var (method, path, body) = kind switch
        {
            InstanceKinds.Create => (HttpMethod.Post, "/instances", inputs),
            InstanceKinds.Update => (HttpMethod.Put, $"/instances/{id}", Resized(inputs, 1)),
            _ => (HttpMethod.Post, $"/instances/{id}/credentials/rotate", null),
        };
        var steps = stepped.StepsOf(kind);

        var ended = await stepped.RunAsync(
            method,
            path,
            body,
            StepFault.ForGoodAfter,
            steps.Count - 1
        );

        Assert.True(
            ended.State == OperationStates.Succeeded,
            $"{kind}: {ended.State} {ended.Error?.ToJsonString()}"
        );
        id = ended.ResourceId;
        await InstanceBooks.BalanceAsync(stepped, id, $"{kind} that arrived");
        await UndoAllAsync(ended);
        Assert.Equal("available", await stepped.StatusAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, $"late undos of a {kind} that arrived");

        // Nor may they strike while the next operation is at work.
        var next = await stepped.Api.SendAsync(
            HttpMethod.Post,
            $"/instances/{id}/restart",
            null,
            wait: 0
        );
        await UndoAllAsync(ended);
        var restarted = await stepped.RunAsync(OperationId.Parse(next.Text("id"), null));
        Assert.Equal(OperationStates.Succeeded, restarted.State);
        await InstanceBooks.BalanceAsync(stepped, id, "undos during the next operation");
        await EndAsync(id);
    }

    /// <summary>Every undo of an operation that has ended, as a runner that lost its claim long ago might still call it.</summary>
    private async Task UndoAllAsync(OperationRow ended)
    {
        var workflow = stepped
            .Services.GetServices<IWorkflow>()
            .Single(one => one.Kind == ended.Kind);
        for (var step = workflow.StepNames.Count - 1; step >= 0; step--)
        {
            await workflow.UndoAsync(
                step,
                ended.Memory.DeepClone(),
                new StepContext(
                    ended.OperationId,
                    ended.TenantId,
                    1,
                    ended.RequestedBy,
                    ended.RequestId,
                    _ => { }
                ),
                TestContext.Current.CancellationToken
            );
        }
    }

    [Theory]
    [InlineData(InstanceKinds.Create, false)]
    [InlineData(InstanceKinds.Create, true)]
    [InlineData(InstanceKinds.Update, false)]
    [InlineData(InstanceKinds.Update, true)]
    [InlineData(InstanceKinds.Start, false)]
    [InlineData(InstanceKinds.Start, true)]
    [InlineData(InstanceKinds.Restart, false)]
    [InlineData(InstanceKinds.Restart, true)]
    [InlineData(InstanceKinds.Rotate, false)]
    [InlineData(InstanceKinds.Rotate, true)]
    public async Task Given_an_operation_when_the_machine_dies_before_any_step_then_it_is_started_again(
        string kind,
        bool startFailsOnce
    )
    {
        var steps = stepped.StepsOf(kind);
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = kind == InstanceKinds.Create ? "" : await stepped.CreateAsync(inputs);
        var turn = 0;
        foreach (var at in StepSample.Of(steps.Count))
        {
            if (kind == InstanceKinds.Start)
            {
                await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/stop");
            }

            var (method, path, body) = kind switch
            {
                InstanceKinds.Create => (
                    HttpMethod.Post,
                    "/instances",
                    InstanceApi.Inputs(InstanceApi.Name())
                ),
                InstanceKinds.Update => (
                    HttpMethod.Put,
                    $"/instances/{id}",
                    Resized(inputs, turn++)
                ),
                InstanceKinds.Rotate => (
                    HttpMethod.Post,
                    $"/instances/{id}/credentials/rotate",
                    null
                ),
                _ => (HttpMethod.Post, $"/instances/{id}/{kind.Split('.')[1]}", (JsonNode?)null),
            };
            var faults = InstanceRemains.Driver(stepped.Services).Faults;
            if (startFailsOnce)
            {
                faults.Script("Agent/v1/engine/start", SimulatedFaultMode.FailBefore);
            }

            var ended = await stepped.RunAsync(method, path, body, StepFault.MachineDies, at);
            faults.Clear();
            Assert.True(
                ended.State == OperationStates.Succeeded,
                $"{steps[at]}: {ended.State} {ended.Error?.ToJsonString()}"
            );
            await ServeAsync(ended.ResourceId);
            await InstanceBooks.BalanceAsync(stepped, ended.ResourceId, $"{kind} {steps[at]}");
            if (kind == InstanceKinds.Create)
            {
                await EndAsync(ended.ResourceId);
            }
        }

        if (id.Length > 0)
        {
            await EndAsync(id);
        }
    }

    [Fact]
    public async Task Given_settings_that_end_the_engine_when_they_are_taken_back_then_it_is_started_with_the_old_ones()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        var driver = InstanceRemains.Driver(stepped.Services);
        var answer = await stepped.Api.SendAsync(
            HttpMethod.Put,
            $"/instances/{id}",
            Resized(inputs, 1),
            wait: 0
        );
        driver.KillEngines(id);
        var ended = await stepped.RunAsync(OperationId.Parse(answer.Text("id"), null));
        Assert.Equal(OperationStates.Undone, ended.State);
        Assert.Equal("engine.not_running", ended.Error!["code"]!.GetValue<string>());
        await InstanceBooks.BalanceAsync(stepped, id, "an engine that died");
        await EndAsync(id);
    }

    /// <summary>What the reconciler finds dead it brings back; a failed instance is started by its user.</summary>
    private async Task ServeAsync(string id)
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

    private async Task EndAsync(string id)
    {
        var deleted = await stepped.RunAsync(HttpMethod.Delete, $"/instances/{id}");
        Assert.Equal(OperationStates.Succeeded, deleted.State);
        await InstanceBooks.BalanceAsync(stepped, id, "delete");
    }

    private async Task<string> KeyAsync()
    {
        var alias = "k" + Guid.NewGuid().ToString("N")[..8];
        var made = await stepped.Api.PostAsync(
            "/keys",
            new JsonObject { ["alias"] = alias, ["region"] = RunningControl.Region }
        );
        Assert.True(made.Status == HttpStatusCode.Created, made.ToString());
        return alias;
    }

    private static JsonObject Resized(JsonObject inputs, int turn)
    {
        var changed = inputs.DeepClone().AsObject();
        changed["cpu"] = 0.5 + (turn % 2 * 0.5);
        changed["memoryGib"] = 1 + ((turn + 1) % 2);
        changed["parameters"] = new JsonObject { ["work_mem"] = $"{4 + turn}MB" };
        return changed;
    }
}
