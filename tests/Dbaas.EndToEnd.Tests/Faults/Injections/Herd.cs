using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Dbaas.EndToEnd.Tests.Faults.Writers;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Three instances are created at once while hundreds of readers ask, and a hundred clients connect to the database.</summary>
internal sealed class Herd : Fault
{
    private const int Creates = 3;
    private const int Reads = 300;
    private const int Clients = 100;
    private readonly ConcurrentBag<double> seconds = [];
    private readonly ConcurrentDictionary<HttpStatusCode, int> answers = new();
    private List<string> names = [];

    public override string Name => "a herd of clients";
    public override int Row => 38;
    public override string PassLine => "reads ≤ 1 s (p99), beyond the limit 429";

    public override async Task InjectAsync(Scene scene)
    {
        names =
        [
            .. Enumerable.Range(1, Creates).Select(n => $"f-herd-{n}-{scene.Chance.Next(100_000)}"),
        ];
        var operations = await Task.WhenAll(
            names.Select(name => scene.Instances.BeginCreateAsync(scene.Victim.Engine, name))
        );
        using var connections = new WriterConnections(
            scene.Victim.Engine,
            scene.Victim.Credentials
        );
        var connected = Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(async _ =>
                {
                    try
                    {
                        await using var connection = await connections.OpenAsync(Scene.Cancelled);
                    }
                    catch (Exception refused)
                        when (refused is System.Data.Common.DbException or TimeoutException)
                    {
                        // More than max_connections of a small instance; refused is an answer, and so is nothing within a client's patience.
                    }
                })
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Reads),
            new ParallelOptions { MaxDegreeOfParallelism = 50 },
            async (_, _) =>
            {
                var began = Stopwatch.GetTimestamp();
                var (status, _) = await scene.Rest.SendAsync(
                    HttpMethod.Get,
                    $"/v1/instances/{scene.Victim.Name}"
                );
                seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                answers.AddOrUpdate(status, 1, (_, count) => count + 1);
            }
        );
        await connected;
        foreach (var operation in operations)
        {
            await scene.Instances.SucceedsAsync(operation);
        }
    }

    public override Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        Assert.All(
            answers.Keys,
            status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests)
        );
        var sorted = seconds.Order().ToList();
        return Task.FromResult<IReadOnlyList<Measure>>([
            new("reads, p99", Math.Round(sorted[(int)(sorted.Count * 0.99) - 1], 2), 1),
        ]);
    }

    public override async Task EndAsync(Scene scene)
    {
        foreach (var name in names)
        {
            await scene.Instances.DeleteAsync(name);
        }
    }
}
