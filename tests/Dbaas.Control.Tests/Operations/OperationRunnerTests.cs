using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Tests.Operations;

/// <summary>Promise 10 on the real tables.</summary>
public sealed class OperationRunnerTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(-1, OperationStates.Succeeded, "0,1,2")]
    [InlineData(0, OperationStates.Undone, "")]
    [InlineData(2, OperationStates.Undone, "")]
    public async Task Given_a_workflow_when_a_step_fails_for_good_then_it_ends_with_all_or_nothing(
        int failAt,
        string state,
        string left
    )
    {
        var token = TestContext.Current.CancellationToken;
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var tenant = await metadata.AddTenantAsync("acme");
        var workflow = new Three(failAt);
        var options = Options.Create(new OperationsOptions());
        var workflows = new Workflows([workflow]);
        var store = new OperationStore(
            metadata.Tenants,
            metadata.Platform,
            metadata.Events,
            workflows,
            new SiloIdentity("here:1", Guid.NewGuid()),
            options,
            TimeProvider.System
        );
        OperationId id;
        await using (var transaction = await metadata.Platform.BeginAsync(token))
        {
            id = await store.EnqueueAsync(
                transaction,
                new OperationRequest(
                    tenant,
                    "test.three",
                    "thing",
                    "thing",
                    new JsonObject(),
                    new JsonObject()
                ),
                token
            );
            await transaction.CommitAsync(token);
        }

        await new OperationRunner(
            store,
            workflows,
            new CrashPoint(options),
            new Chance(new Random(1)),
            options,
            TimeProvider.System,
            NullLogger<OperationRunner>.Instance
        ).RunAsync(tenant, id, token);

        var row = await store.ReadAsync(tenant, id, token);
        Assert.Equal(state, row!.State);
        Assert.Equal(left, string.Join(",", workflow.Effects.Order()));
        Assert.Equal(failAt < 0, row.Error is null);
    }

    private sealed class Three(int failAt) : IWorkflow
    {
        public HashSet<int> Effects { get; } = [];
        public string Kind => "test.three";
        public int PayloadVersion => 1;
        public IReadOnlyList<string> StepNames => ["one", "two", "three"];

        public int PlaceOf(string step) => StepNames.ToList().IndexOf(step);

        public Recovery Recovery => Recovery.Undo;
        public TimeSpan Deadline => TimeSpan.FromSeconds(30);

        public bool Cancellable(int step) => true;

        public TimeSpan StepDeadline(int step) => TimeSpan.FromSeconds(5);

        public Task<JsonNode> DoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        )
        {
            Effects.Add(step);
            return step == failAt
                ? throw new StepFailedException(new Problem("test.failed", 500, "as told"), false)
                : Task.FromResult(state);
        }

        public Task UndoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        )
        {
            Effects.Remove(step);
            return Task.CompletedTask;
        }

        public Task OnFailedAsync(
            JsonNode state,
            Problem reason,
            StepContext context,
            CancellationToken cancellationToken
        ) => Task.CompletedTask;
    }
}
