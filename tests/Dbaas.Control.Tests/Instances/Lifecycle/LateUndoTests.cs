using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>What has arrived is not taken back, whatever the operation says of itself afterwards.</summary>
public sealed class LateUndoTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
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
            InstanceKinds.Update => (
                HttpMethod.Put,
                $"/instances/{id}",
                SteppedLife.Resized(inputs, 1)
            ),
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
        await stepped.EndAsync(id);
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
}
