using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>A cancel at each step of a create and of a change: the operation ends cancelled, and nothing of it is left.</summary>
public sealed class CancelTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    [Fact]
    public async Task Given_a_create_when_it_is_cancelled_at_any_step_then_nothing_is_left()
    {
        var steps = stepped.StepsOf(InstanceKinds.Create);
        for (var at = 0; at < steps.Count - 2; at++)
        {
            var ended = await CancelledAsync(
                HttpMethod.Post,
                "/instances",
                InstanceApi.Inputs(InstanceApi.Name()),
                at
            );
            Assert.True(
                ended.State == OperationStates.Cancelled,
                $"{steps[at]}: {ended.State} {ended.Error?.ToJsonString()}"
            );
            await InstanceRemains.NothingAsync(stepped.Services, ended.ResourceId);
        }
    }

    [Fact]
    public async Task Given_a_change_when_it_is_cancelled_at_any_step_then_all_is_as_before()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        var steps = stepped.StepsOf(InstanceKinds.Update);
        var changed = inputs.DeepClone().AsObject();
        changed["cpu"] = 1;
        changed["memoryGib"] = 2;
        changed["parameters"] = new JsonObject { ["max_connections"] = "150" };
        for (var at = 0; at < steps.Count - 2; at++)
        {
            var ended = await CancelledAsync(HttpMethod.Put, $"/instances/{id}", changed, at);
            Assert.True(
                ended.State == OperationStates.Cancelled,
                $"{steps[at]}: {ended.State} {ended.Error?.ToJsonString()}"
            );
            var view = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
            Assert.Equal("available", view["status"]!.GetValue<string>());
            Assert.Equal(0.5, view["cpu"]!.GetValue<double>());
            await InstanceBooks.BalanceAsync(stepped, id, $"a cancel at {steps[at]}");
        }
    }

    private async Task<OperationRow> CancelledAsync(
        HttpMethod method,
        string path,
        JsonNode body,
        int at
    )
    {
        var answer = await stepped.Api.SendAsync(method, path, body, wait: 0);
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.ToString());
        var operation = OperationId.Parse(answer.Text("id"), null);
        return await stepped.RunAsync(
            operation,
            changed: workflow => new CancelledWorkflow(workflow, at, CancelAsync)
        );
    }

    private async Task CancelAsync(OperationId operation)
    {
        var answer = await stepped.Api.PostAsync($"/operations/{operation}/cancel");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }

    /// <summary>Somebody cancels while one step runs.</summary>
    private sealed class CancelledWorkflow(IWorkflow inner, int at, Func<OperationId, Task> cancel)
        : IWorkflow
    {
        public string Kind => inner.Kind;
        public int PayloadVersion => inner.PayloadVersion;
        public IReadOnlyList<string> StepNames => inner.StepNames;
        public Recovery Recovery => inner.Recovery;
        public TimeSpan Deadline => inner.Deadline;

        public int PlaceOf(string step) => inner.PlaceOf(step);

        public bool Cancellable(int step) => inner.Cancellable(step);

        public TimeSpan StepDeadline(int step) => inner.StepDeadline(step);

        public async Task<JsonNode> DoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        )
        {
            if (step == at)
            {
                await cancel(context.Operation);
            }

            return await inner.DoAsync(step, state, context, cancellationToken);
        }

        public Task UndoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        ) => inner.UndoAsync(step, state, context, cancellationToken);

        public Task OnFailedAsync(
            JsonNode state,
            Problem reason,
            StepContext context,
            CancellationToken cancellationToken
        ) => inner.OnFailedAsync(state, reason, context, cancellationToken);
    }
}
