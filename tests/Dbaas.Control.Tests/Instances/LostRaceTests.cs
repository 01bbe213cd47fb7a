using System.Net;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Dbaas.Control.Tests.Instances;

/// <summary>A request that meets the platform's own work on the same row is carried out after it; its caller hears nothing of it.</summary>
public sealed class LostRaceTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_an_operation_that_writes_down_a_step_when_its_create_is_sent_again_then_it_is_taken_over()
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var create = await stepped.Api.PostAsync("/instances", inputs, wait: 0);
        await using var step = await HoldAsync(
            "UPDATE operation SET version = version + 1 WHERE operation_id = $1",
            create.Text("id")
        );

        var again = stepped.Api.SendAsync(
            HttpMethod.Post,
            "/instances",
            inputs,
            wait: 0,
            idempotencyKey: Guid.NewGuid().ToString("N")
        );
        await WaitsForAsync(step, again);
        await step.CommitAsync(Token);

        var answer = await again;
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.ToString());
        Assert.Equal(create.Text("id"), answer.Text("id"));
        await stepped.RunAsync(OperationId.Parse(create.Text("id"), null));
        Assert.Equal(
            1,
            await InstanceRemains.EventsAsync(
                stepped.Services,
                "instance.adopted",
                create.Text("resourceId")
            )
        );
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Accepted)]
    [InlineData(true, HttpStatusCode.PreconditionFailed)]
    public async Task Given_a_row_that_changes_meanwhile_when_a_start_is_asked_for_then_only_an_if_match_is_refused(
        bool conditional,
        HttpStatusCode expected
    )
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/stop");
        var tag = conditional ? (await stepped.Api.GetAsync($"/instances/{id}")).ETag : null;
        await using var change = await HoldAsync(
            "UPDATE instance SET version = version + 1 WHERE instance_id = $1",
            id
        );

        var start = stepped.Api.SendAsync(
            HttpMethod.Post,
            $"/instances/{id}/start",
            wait: 0,
            ifMatch: tag
        );
        await WaitsForAsync(change, start);
        await change.CommitAsync(Token);

        var answer = await start;
        Assert.True(answer.Status == expected, answer.ToString());
    }

    /// <summary>A transaction that has changed a row and not ended.</summary>
    private async Task<PlatformTransaction> HoldAsync(string change, string id)
    {
        var transaction = await stepped
            .Services.GetRequiredService<IPlatformTransactions>()
            .BeginAsync(Token);
        await using var command = transaction.Command(change, new NpgsqlParameter { Value = id });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
        return transaction;
    }

    /// <summary>The request has read the row as it was, and waits to write it.</summary>
    private static async Task WaitsForAsync(PlatformTransaction held, Task<Answer> request) =>
        await Eventually.BecomesAsync(
            async () =>
            {
                Assert.False(request.IsCompleted, "The request never met the change.");
                await using var waiting = held.Command(
                    "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
                );
                return (long)(await waiting.ExecuteScalarAsync(Token))!;
            },
            count => count > 0
        );
}
