using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>Taking back goes on until it succeeds. What cannot succeed must not keep a database from being deleted.</summary>
public sealed class StuckUndoTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private const int Hopeless = 7;

    [Theory]
    [InlineData(OperationStates.Do, Hopeless)]
    [InlineData(OperationStates.Undo, 2)]
    public async Task Given_a_change_that_may_still_end_when_the_instance_is_deleted_then_that_is_refused_as_busy(
        string direction,
        int attempts
    )
    {
        var (id, change) = await ChangingAsync(protectedBefore: false);
        await StandAsync(change, direction, attempts);

        var refused = await DeleteAsync(id);

        Assert.Equal(
            (HttpStatusCode.Conflict, "instance.busy"),
            (refused.Status, refused.Text("code"))
        );
        Assert.Equal("instance.busy", Assert.Single(await PlannedAsync(id)));
    }

    [Fact]
    public async Task Given_a_change_that_cannot_be_taken_back_when_the_instance_is_deleted_then_it_gives_way()
    {
        var (id, change) = await ChangingAsync(protectedBefore: false);
        await StandAsync(change, OperationStates.Undo, Hopeless);

        Assert.Empty(await PlannedAsync(id));
        var deletion = await stepped.BeginAsync(HttpMethod.Delete, $"/instances/{id}");
        // The old one runs first, as its grain would have it, and finds that it owns nothing any more.
        Assert.Equal(OperationStates.Undone, (await stepped.RunAsync(change)).State);
        var deleted = await stepped.RunAsync(deletion);

        Assert.Equal(OperationStates.Succeeded, deleted.State);
        await InstanceBooks.BalanceAsync(stepped, id, "a deletion that took over");
    }

    [Fact]
    public async Task Given_protection_that_the_change_itself_switched_off_when_it_cannot_be_taken_back_then_it_still_protects()
    {
        var (id, change) = await ChangingAsync(protectedBefore: true);
        await StandAsync(change, OperationStates.Undo, Hopeless);

        var refused = await DeleteAsync(id);

        Assert.Equal("instance.deletion_protected", refused.Text("code"));
        Assert.Equal("instance.deletion_protected", Assert.Single(await PlannedAsync(id)));
    }

    private async Task<(string Instance, OperationId Change)> ChangingAsync(bool protectedBefore)
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        inputs["deletionProtection"] = protectedBefore;
        var id = await stepped.CreateAsync(inputs);
        inputs["cpu"] = 1;
        inputs["deletionProtection"] = false;
        return (id, await stepped.BeginAsync(HttpMethod.Put, $"/instances/{id}", inputs));
    }

    private Task StandAsync(OperationId operation, string direction, int attempts) =>
        stepped.ExecuteAsync(
            "UPDATE operation SET state = 'running', direction = $2, step_cursor = 3, attempts = $3 WHERE operation_id = $1",
            operation.ToString(),
            direction,
            attempts
        );

    private Task<Answer> DeleteAsync(string id) =>
        stepped.Api.SendAsync(HttpMethod.Delete, $"/instances/{id}", null, wait: 0);

    private async Task<IReadOnlyList<string>> PlannedAsync(string id) => [.. (
                await stepped.Api.PostAsync(
                    "/plan",
                    new JsonObject
                    {
                        ["resource"] = "DatabaseInstance",
                        ["action"] = "delete",
                        ["id"] = id,
                    }
                )
            ).Body!["errors"]!.AsArray().Select(error => error!["code"]!.GetValue<string>())];
}
