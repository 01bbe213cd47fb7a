using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// Every kind of change under every fault, each at every step where it makes a difference; afterwards the books must balance and the
/// instance must go on with its life. A run draws which faults meet which change: half of them each, all of them together
/// (<see cref="StepSample.IsWhole"/> tries all).
/// </summary>
public sealed class ChangeMatrixTests(SteppedControl stepped) : IClassFixture<SteppedControl>
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

    private static readonly string[] s_changes =
    [
        "growth that stops",
        "key",
        "image",
        "recover",
        "window",
        "rotate",
    ];

    public static TheoryData<string, StepFault> Updates
    {
        get
        {
            var data = new TheoryData<string, StepFault>();
            var drawn = Random.Shared.Next(2);
            foreach (var (place, change) in s_changes.Index())
            {
                foreach (var (turn, fault) in s_faults.Index())
                {
                    // Neighbours in the list are much alike: each change meets one of each two.
                    if (StepSample.IsWhole || (place + turn + drawn) % 2 == 0)
                    {
                        data.Add(change, fault);
                    }
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
            inputs["maintenanceWindow"] = WaitingChanges.WindowAt(
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
            await stepped.ServesAsync(id);
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
        await stepped.EndAsync(id);
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
}
