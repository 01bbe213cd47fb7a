using System.Data.Common;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Faults.Writers;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The gateway reads new settings, because endpoints come and go, while hundreds of clients are in the middle of their queries.</summary>
internal sealed class GatewayReloaded : Fault
{
    private const int Clients = 500;

    // Two cores serve all of them: a client that asks ten times a second shows a break as well as one that never rests.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);
    private readonly List<string> broken = [];
    private readonly List<string> names = [];
    private long answers;
    private int connected;
    private int heard;
    private long judgedFrom = long.MaxValue;
    private long reloaded = long.MaxValue;
    private TimeSpan longest;
    private TimeSpan slowest;

    public override string Name => "gateway reloaded under 500 clients";
    public override int Row => 36;
    public override string PassLine => "0 errors";
    public override TimeSpan Deadline => TimeSpan.FromSeconds(120);

    public override bool TakesMinutes => true;

    // 500 handshakes and two creates leave two cores little time for anybody else.
    public override bool StrikesAll => true;

    public override async Task InjectAsync(Scene scene)
    {
        var tag = scene.Chance.Next(100_000);
        var crowded = $"f-crowd-{tag}";
        names.Add(crowded);
        await CreateCrowdedAsync(scene, crowded);
        var database = await scene.Instances.OpenAsync(scene.Victim.Engine, crowded);
        using var connections = new WriterConnections(database.Engine, database.Credentials);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Scene.Cancelled);
        // All at once they would take each other's patience; how a herd fares is a fault of its own.
        using var door = new SemaphoreSlim(16);
        var clients = Enumerable
            .Range(0, Clients)
            .Select(_ => Task.Run(() => AskAsync(connections, door, ending.Token), Scene.Cancelled))
            .ToArray();
        await Eventually.HoldsAsync(
            () => Task.FromResult(Volatile.Read(ref connected) + Failures() >= Clients),
            Deadline,
            "all clients are connected"
        );
        Assert.Equal(Clients, connected);
        // What was asked in the crowd of handshakes is not what a reload does.
        Volatile.Write(ref judgedFrom, Stopwatch.GetTimestamp());

        // An endpoint that comes and one that goes: each makes the gateway read its settings anew.
        var beside = $"f-reload-{tag}";
        names.Add(beside);
        await scene.Instances.CreateAsync(scene.Victim.Engine, beside);
        await scene.Instances.DeleteAsync(beside);

        // Judged while all are there: hundreds of connections that close at once keep two cores busy for seconds.
        Volatile.Write(ref reloaded, Stopwatch.GetTimestamp());
        await Eventually.HoldsAsync(
            () => Task.FromResult(Volatile.Read(ref heard) + Failures() >= Clients),
            Deadline,
            "all clients got an answer after the reloads"
        );
        lock (broken)
        {
            slowest = longest;
        }

        await ending.CancelAsync();
        await Task.WhenAll(clients);
    }

    public override Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        Assert.Empty(broken);
        Assert.True(answers > Clients, $"{answers} answers");
        return Task.FromResult<IReadOnlyList<Measure>>([
            Measure.Of("longest answer of a client", slowest, 0),
        ]);
    }

    public override async Task EndAsync(Scene scene)
    {
        foreach (var name in names)
        {
            await scene.Instances.DeleteAsync(name);
        }
    }

    private static async Task CreateCrowdedAsync(Scene scene, string name)
    {
        // Enough memory for the connections that the engine's rules derive from it; it is a ceiling and mostly not used.
        var (status, body) = await scene.Rest.SendAsync(
            HttpMethod.Post,
            "/v1/instances",
            new JsonObject
            {
                ["name"] = name,
                ["engine"] = scene.Victim.Engine.Engine,
                ["engineVersion"] = scene.Victim.Engine.Version,
                ["region"] = Database.Region,
                ["cpu"] = 2,
                ["memoryGib"] = scene.Victim.Engine.Engine == "mysql" ? 9 : 6,
                ["storageGib"] = 2,
                ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
                ["databases"] = new JsonArray("app"),
                ["deletionProtection"] = false,
            }
        );
        Assert.True((int)status == 202, body);
        await scene.Instances.SucceedsAsync((string)JsonNode.Parse(body)!["id"]!);
    }

    private async Task AskAsync(
        WriterConnections connections,
        SemaphoreSlim door,
        CancellationToken ending
    )
    {
        try
        {
            await using var connection = await PatientlyAsync(connections, door);
            Interlocked.Increment(ref connected);
            var heardAgain = false;
            while (!ending.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                await using var query = connection.CreateCommand();
                query.CommandText = "SELECT 1";
                query.CommandTimeout = 30;
                await query.ExecuteScalarAsync(Scene.Cancelled);
                Interlocked.Increment(ref answers);
                Note(began, Stopwatch.GetElapsedTime(began));
                if (!heardAgain && began >= Volatile.Read(ref reloaded))
                {
                    heardAgain = true;
                    Interlocked.Increment(ref heard);
                }

                await Task.Delay(Rest, ending)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (DbException failure)
        {
            lock (broken)
            {
                broken.Add(failure.Message);
            }
        }
    }

    /// <summary>Handshakes may take two cores longer than a driver's patience; only what breaks afterwards counts.</summary>
    private static async Task<DbConnection> PatientlyAsync(
        WriterConnections connections,
        SemaphoreSlim door
    )
    {
        await door.WaitAsync(Scene.Cancelled);
        try
        {
            for (var left = 10; ; left--)
            {
                try
                {
                    return await connections.OpenAsync(Scene.Cancelled);
                }
                catch (DbException) when (left > 0)
                {
                    await Task.Delay(Rest, Scene.Cancelled);
                }
            }
        }
        finally
        {
            door.Release();
        }
    }

    private void Note(long began, TimeSpan took)
    {
        lock (broken)
        {
            longest = began >= Volatile.Read(ref judgedFrom) && took > longest ? took : longest;
        }
    }

    private int Failures()
    {
        lock (broken)
        {
            return broken.Count;
        }
    }
}
