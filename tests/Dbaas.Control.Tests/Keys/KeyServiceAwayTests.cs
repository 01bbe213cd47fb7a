using System.Diagnostics;
using System.Net;
using Dbaas.Control.Ids;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Keys;

/// <summary>
/// A key service that is away for longer than any operation may take: creates and starts wait for it and go on within 10 s of its
/// return, nothing ends failed, and who does not want to wait can say so.
/// </summary>
public sealed class KeyServiceAwayTests(SteppedControl stepped)
    : IClassFixture<SteppedControl>,
        IAsyncLifetime
{
    private static readonly TimeSpan s_goal = TimeSpan.FromSeconds(10);

    public async ValueTask InitializeAsync() => await stepped.Control.StartKmsAsync();

    public async ValueTask DisposeAsync() => await stepped.Control.StartKmsAsync();

    [Fact]
    public async Task Given_a_create_whose_time_is_up_when_the_key_service_comes_back_then_it_goes_on_within_10_s()
    {
        await stepped.Control.StopKmsAsync();
        var operation = await AskAsync(
            HttpMethod.Post,
            "/instances",
            InstanceApi.Inputs(InstanceApi.Name())
        );
        var ended = await OutlivesAsync(operation);
        Assert.True(
            ended.State == OperationStates.Succeeded,
            $"{ended.State} {ended.Error?.ToJsonString()}"
        );
        await InstanceBooks.BalanceAsync(stepped, ended.ResourceId, "a key service that was away");
    }

    [Fact]
    public async Task Given_a_start_whose_time_is_up_when_the_key_service_comes_back_then_the_database_serves_again()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/stop");
        await stepped.Control.StopKmsAsync();
        var ended = await OutlivesAsync(await AskAsync(HttpMethod.Post, $"/instances/{id}/start"));
        Assert.True(
            ended.State == OperationStates.Succeeded,
            $"{ended.State} {ended.Error?.ToJsonString()}"
        );
        Assert.Equal("available", await stepped.StatusAsync(id));
    }

    [Fact]
    public async Task Given_a_create_that_waits_for_the_key_service_when_it_is_cancelled_then_nothing_is_left()
    {
        await stepped.Control.StopKmsAsync();
        var operation = await AskAsync(
            HttpMethod.Post,
            "/instances",
            InstanceApi.Inputs(InstanceApi.Name())
        );
        var running = stepped.RunAsync(operation);
        await RepeatedAsync(operation);
        await CancelAsync(operation);
        var ended = await running;
        Assert.Equal(OperationStates.Cancelled, ended.State);
        await InstanceRemains.NothingAsync(stepped.Services, ended.ResourceId);
    }

    [Fact]
    public async Task Given_a_start_that_waits_for_the_key_service_when_it_is_cancelled_then_it_ends_and_the_instance_can_be_deleted()
    {
        var id = await stepped.CreateAsync(InstanceApi.Name());
        await stepped.RunAsync(HttpMethod.Post, $"/instances/{id}/stop");
        await stepped.Control.StopKmsAsync();
        var operation = await AskAsync(HttpMethod.Post, $"/instances/{id}/start");
        var running = stepped.RunAsync(operation);
        await RepeatedAsync(operation);
        await CancelAsync(operation);
        var ended = await running;
        Assert.Equal(OperationStates.Failed, ended.State);
        Assert.Equal("key.service_unavailable", ended.Error!["code"]!.GetValue<string>());
        var deleted = await stepped.RunAsync(HttpMethod.Delete, $"/instances/{id}");
        Assert.Equal(OperationStates.Succeeded, deleted.State);
    }

    private async Task<OperationId> AskAsync(
        HttpMethod method,
        string path,
        System.Text.Json.Nodes.JsonNode? body = null
    )
    {
        var answer = await stepped.Api.SendAsync(method, path, body, wait: 0);
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.ToString());
        return OperationId.Parse(answer.Text("id"), null);
    }

    /// <summary>Runs an operation whose deadline has passed until the key service has been asked in vain, and then is back.</summary>
    private async Task<OperationRow> OutlivesAsync(OperationId operation)
    {
        await stepped.ExecuteAsync(
            "UPDATE operation SET deadline_at = now() - interval '1 hour' WHERE operation_id = $1",
            operation.ToString()
        );
        var running = stepped.RunAsync(operation);
        await RepeatedAsync(operation);
        await stepped.Control.StartKmsAsync();
        var back = Stopwatch.StartNew();
        var ended = await running;
        Assert.True(back.Elapsed < s_goal, $"It took {back.Elapsed.TotalSeconds:F1} s.");
        return ended;
    }

    private Task<Answer> RepeatedAsync(OperationId operation) =>
        Eventually.BecomesAsync(
            () => stepped.Api.GetAsync($"/operations/{operation}"),
            answer =>
                answer.Text("state") == OperationStates.Running
                && answer
                    .Body!.ToJsonString()
                    .Contains("key service does not answer", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60)
        );

    private async Task CancelAsync(OperationId operation)
    {
        var answer = await stepped.Api.PostAsync($"/operations/{operation}/cancel");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }
}
