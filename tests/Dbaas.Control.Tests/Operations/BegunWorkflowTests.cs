using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Operations;

/// <summary>Operations in flight over an upgrade. The stored ones are those of version 1: they are never changed, only added to.</summary>
public sealed class BegunWorkflowTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    /// <summary>What version 1 stores of an update that has come to apply-settings; ids are put in.</summary>
    private const string StoredMemory = """
        {"instance":"{instance}","region":"test-a","epoch":{epoch},"members":[{"member":"{member}","machine":"{machine}","volume":"{volume}",
        "host":"sim-test-a","address":"{address}"}],"endpoint":"{endpoint}","imageId":"sim-postgresql-18","before":{before},"keyBefore":null,
        "keyAfter":null,"restartAllowed":false,"stoppedToGrowAt":null,"growthWaits":false,"pendingRestart":[],"writeOutageSeconds":0,
        "actualVersion":"18.0","phaseMilliseconds":{},"ofANewerVersion":{"left":"alone"}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> StoredSteps { get; } =
        new()
        {
            {
                InstanceKinds.Update,
                "begin,rewrap-data-keys,stop-to-grow,grow-volume,reopen-after-growth,resize-machine,apply-settings,restart-engine,settle-machine,set-endpoint,finish"
            },
            {
                InstanceKinds.Create,
                "reserve,ensure-image,wrap-data-key,create-volume,open-volume,create-machine,start-machine,ensure-store-user,issue-certificates,start-engine,open-endpoint,verify-endpoint,finish"
            },
            {
                InstanceKinds.Delete,
                "close-endpoint,stop-engine,destroy-machine,shred-keys,destroy-volume,remove-store-user,finish"
            },
            { InstanceKinds.Stop, "close-endpoint,stop-engine,close-volume,finish" },
            { InstanceKinds.Restart, "restart-engine,settle-machine,verify-endpoint,finish" },
            { InstanceKinds.Rotate, "draw-password,apply-password,adopt-password,finish" },
            {
                InstanceKinds.Start,
                "open-volume,start-machine,start-engine,open-endpoint,verify-endpoint,finish"
            },
            {
                InstanceKinds.Recover,
                "open-volume,start-machine,start-engine,open-endpoint,verify-endpoint,finish"
            },
        };

    [Theory]
    [MemberData(nameof(StoredSteps))]
    public void Given_an_operation_of_version_1_then_every_step_of_it_is_still_known(
        string kind,
        string steps
    ) =>
        Assert.NotNull(
            BegunWorkflow.Of(
                stepped.Services.GetServices<IWorkflow>().Single(workflow => workflow.Kind == kind),
                steps.Split(','),
                payloadVersion: 1
            )
        );

    [Theory]
    [InlineData(1, null)]
    [InlineData(6, null)]
    [InlineData(6, StepFault.ForGoodBefore)]
    public async Task Given_an_update_in_flight_when_steps_were_put_in_and_moved_then_it_ends_by_the_list_it_began_with(
        int cursor,
        StepFault? fault
    )
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        inputs["parameters"] = new JsonObject { ["work_mem"] = "8MB" };
        var answer = await stepped.Api.SendAsync(
            HttpMethod.Put,
            $"/instances/{id}",
            inputs,
            wait: 0
        );
        var operation = OperationId.Parse(answer.Text("id"), null);
        var names = stepped.StepsOf(InstanceKinds.Update);
        await StoreAsync(operation, names[cursor], cursor);
        var executed = new List<string>();

        var ended = await stepped.RunAsync(
            operation,
            fault ?? StepFault.None,
            // The faulty workflow counts the steps of the changed list.
            (2 * cursor) + 1,
            workflow => new ChangedWorkflow(workflow, executed)
        );

        Assert.Equal(
            fault is null ? OperationStates.Succeeded : OperationStates.Undone,
            ended.State
        );
        Assert.Empty(executed);
        Assert.Equal("available", await stepped.StatusAsync(id));
        await InstanceBooks.BalanceAsync(stepped, id, "an upgrade");
    }

    [Theory]
    [InlineData("one,two,three", 2, true)]
    [InlineData("one,two,three", 1, true)]
    [InlineData("one,two,three", 0, false)]
    [InlineData("one,two,three", 3, false)]
    [InlineData("three,one", 2, true)]
    [InlineData("one,gone", 2, false)]
    [InlineData("", 2, false)]
    public void Given_a_stored_list_and_version_then_it_is_run_only_where_both_are_known(
        string steps,
        int version,
        bool runs
    ) =>
        Assert.Equal(
            runs,
            BegunWorkflow.Of(
                new Named(),
                steps.Split(',', StringSplitOptions.RemoveEmptyEntries),
                version
            )
                is not null
        );

    private async Task StoreAsync(OperationId operation, string step, int cursor)
    {
        var store = stepped.Services.GetRequiredService<OperationStore>();
        var memory = (await store.ReadAsync(stepped.Tenant, operation, Token))!.Memory;
        var member = memory["members"]![0]!;
        var stored = StoredMemory
            .Replace("{instance}", memory["instance"]!.GetValue<string>(), StringComparison.Ordinal)
            .Replace("{epoch}", memory["epoch"]!.ToJsonString(), StringComparison.Ordinal)
            .Replace("{member}", member["member"]!.GetValue<string>(), StringComparison.Ordinal)
            .Replace("{machine}", member["machine"]!.GetValue<string>(), StringComparison.Ordinal)
            .Replace("{volume}", member["volume"]!.GetValue<string>(), StringComparison.Ordinal)
            .Replace("{address}", member["address"]!.GetValue<string>(), StringComparison.Ordinal)
            .Replace("{endpoint}", memory["endpoint"]!.GetValue<string>(), StringComparison.Ordinal)
            .Replace("{before}", memory["before"]!.ToJsonString(), StringComparison.Ordinal);
        await stepped.ExecuteAsync(
            """
            UPDATE operation SET memory = $2::jsonb, payload_version = 1, state = 'running', started_at = now(), step_cursor = $3,
              current_step = $4 WHERE operation_id = $1
            """,
            operation.ToString(),
            stored,
            cursor,
            step
        );
    }

    /// <summary>A later version: a new step before each of today's, and the order turned round.</summary>
    private sealed class ChangedWorkflow(IWorkflow inner, List<string> executed) : IWorkflow
    {
        public string Kind => inner.Kind;
        public int PayloadVersion => inner.PayloadVersion + 1;
        public IReadOnlyList<string> StepNames { get; } =
        [.. inner.StepNames.SelectMany(name => (string[])[$"new-before-{name}", name])];
        public Recovery Recovery => inner.Recovery;
        public TimeSpan Deadline => inner.Deadline;

        public int PlaceOf(string step) => StepNames.ToList().IndexOf(step);

        public bool Cancellable(int step) => false;

        public TimeSpan StepDeadline(int step) => TimeSpan.FromMinutes(1);

        public Task<JsonNode> DoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        ) => inner.DoAsync(Known(step), state, context, cancellationToken);

        public Task UndoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        ) => inner.UndoAsync(Known(step), state, context, cancellationToken);

        public Task OnFailedAsync(
            JsonNode state,
            Problem reason,
            StepContext context,
            CancellationToken cancellationToken
        ) => inner.OnFailedAsync(state, reason, context, cancellationToken);

        private int Known(int step)
        {
            if (inner.PlaceOf(StepNames[step]) is var place and >= 0)
            {
                return place;
            }

            executed.Add(StepNames[step]);
            throw new InvalidOperationException(StepNames[step]);
        }
    }

    private sealed class Named : IWorkflow
    {
        public string Kind => "test.named";
        public int PayloadVersion => 2;
        public IReadOnlyList<string> StepNames => ["one", "two", "three"];
        public Recovery Recovery => Recovery.Undo;
        public TimeSpan Deadline => TimeSpan.Zero;

        public int PlaceOf(string step) => StepNames.ToList().IndexOf(step);

        public bool Cancellable(int step) => true;

        public TimeSpan StepDeadline(int step) => TimeSpan.Zero;

        public Task<JsonNode> DoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        ) => Task.FromResult(state);

        public Task UndoAsync(
            int step,
            JsonNode state,
            StepContext context,
            CancellationToken cancellationToken
        ) => Task.CompletedTask;

        public Task OnFailedAsync(
            JsonNode state,
            Problem reason,
            StepContext context,
            CancellationToken cancellationToken
        ) => Task.CompletedTask;
    }
}
