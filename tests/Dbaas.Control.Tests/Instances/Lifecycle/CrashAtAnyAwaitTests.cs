using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// A process that is killed at any await of any workflow: the next one goes on, the operation succeeds as if nothing had been, and the
/// books balance. A run tries some awaits of each kind, drawn from a seed; <c>DBAAS_CRASHES=all</c> tries every one, and
/// <c>DBAAS_SEED=N</c> repeats a run.
/// </summary>
public sealed class CrashAtAnyAwaitTests(SteppedControl stepped, ITestOutputHelper output)
    : IClassFixture<SteppedControl>
{
    private const int Sample = 8;

    [Theory]
    [InlineData("create")]
    [InlineData("update")]
    [InlineData("stop")]
    [InlineData("start")]
    [InlineData("restart")]
    [InlineData("rotate")]
    [InlineData("delete")]
    public async Task Given_a_process_killed_at_any_await_when_the_next_goes_on_then_the_operation_succeeds_and_the_books_balance(
        string kind
    )
    {
        var seed = RunSetting.Number("DBAAS_SEED") ?? Random.Shared.Next(1_000_000);
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        string? id = null;

        // The first run is not killed and counts.
        var (awaits, _) = await CrashAsync(int.MaxValue);
        Assert.True(awaits > 10, $"{kind} gives way only {awaits} times.");
        var points = Enumerable.Range(1, awaits).ToArray();
        if (!StepSample.IsWhole)
        {
            new Random(seed).Shuffle(points);
            points = [.. points.Take(Sample).Order()];
        }

        var kills = 0;
        foreach (var point in points)
        {
            kills += (await CrashAsync(point)).Died ? 1 : 0;
        }

        output.WriteLine($"{kind}: {awaits} awaits, killed at {kills} of them, seed {seed}");
        Assert.True(kills > 0, "No process was killed.");

        async Task<(int Awaits, bool Died)> CrashAsync(int point)
        {
            var (method, path, body) = await PrepareAsync();
            var answer = await stepped.Api.SendAsync(method, path, body, wait: 0);
            var operation = OperationId.Parse(answer.Text("id"), null);
            var crashed = await stepped.RunMortallyAsync(operation, point);
            var ended = await stepped.RunAsync(operation);
            var what = $"{kind} killed at await {point} of {crashed.Awaits}, seed {seed}";
            Assert.True(
                ended.State == OperationStates.Succeeded,
                $"{what}: {ended.State} {ended.Error?.ToJsonString()}"
            );
            id = ended.ResourceId;
            await InstanceBooks.BalanceAsync(stepped, id, what);
            return crashed;
        }

        // Leads to where the operation can begin; what leads there is not killed.
        async Task<(HttpMethod Method, string Path, JsonObject? Body)> PrepareAsync()
        {
            if (kind == "create")
            {
                if (id is not null)
                {
                    await stepped.RunAsync(HttpMethod.Delete, $"/instances/{id}");
                }

                return (HttpMethod.Post, "/instances", inputs);
            }

            if (id is null || kind == "delete")
            {
                id = await stepped.CreateAsync(inputs);
            }

            var path = $"/instances/{id}";
            var status = await stepped.StatusAsync(id);
            if (kind == "start" && status == "available")
            {
                await stepped.RunAsync(HttpMethod.Post, path + "/stop");
            }
            else if (kind == "stop" && status == "stopped")
            {
                await stepped.RunAsync(HttpMethod.Post, path + "/start");
            }

            switch (kind)
            {
                case "delete":
                    return (HttpMethod.Delete, path, null);
                case "rotate":
                    return (HttpMethod.Post, path + "/credentials/rotate", null);
                case "update":
                    // Grows, takes more cores and memory, restarts for a parameter.
                    var next = inputs["storageGib"]!.GetValue<int>() + 1;
                    inputs["storageGib"] = next;
                    inputs["cpu"] = next % 2 == 0 ? 1 : 0.5;
                    inputs["memoryGib"] = next % 2 == 0 ? 2 : 1;
                    inputs["parameters"] = new JsonObject
                    {
                        ["max_connections"] = $"{30 + next % 2}",
                    };
                    return (HttpMethod.Put, path, inputs);
                default:
                    return (HttpMethod.Post, $"{path}/{kind}", null);
            }
        }
    }
}
