using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>Machines and engines that die beside an operation.</summary>
public sealed class DyingMachineTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
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
                    SteppedLife.Resized(inputs, turn++)
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
            await stepped.ServesAsync(ended.ResourceId);
            await InstanceBooks.BalanceAsync(stepped, ended.ResourceId, $"{kind} {steps[at]}");
            if (kind == InstanceKinds.Create)
            {
                await stepped.EndAsync(ended.ResourceId);
            }
        }

        if (id.Length > 0)
        {
            await stepped.EndAsync(id);
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
            SteppedLife.Resized(inputs, 1),
            wait: 0
        );
        driver.KillEngines(id);
        var ended = await stepped.RunAsync(OperationId.Parse(answer.Text("id"), null));
        Assert.Equal(OperationStates.Undone, ended.State);
        Assert.Equal("engine.not_running", ended.Error!["code"]!.GetValue<string>());
        await InstanceBooks.BalanceAsync(stepped, id, "an engine that died");
        await stepped.EndAsync(id);
    }
}
