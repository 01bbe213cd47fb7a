using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Dbaas.EndToEnd.Tests.Faults.Writers;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Ten writers fill the volume; then it is grown.</summary>
internal sealed class VolumeFull : Fault
{
    private const int Writers = 10;
    private static readonly TimeSpan FillDeadline = TimeSpan.FromMinutes(4);
    private string life = "";
    private volatile string lastRefusal = "none";
    private TimeSpan grown;

    public override string Name => "volume full";
    public override int Row => 23;
    public override string PassLine =>
        "writes are refused before there is no room, the engine does not crash; growing a full volume takes ≤ 30 s";
    public override TimeSpan Deadline => TimeSpan.FromSeconds(120);

    /// <summary>A volume never shrinks, so each case needs a database of its own.</summary>
    public override bool Spends => true;
    public override IReadOnlyList<Evidence> Evidence =>
        [
            Injections.Evidence.Event("instance\\.volume_full .*storageGib"),
            Injections.Evidence.Event("instance\\.condition_ended"),
        ];

    public override async Task InjectAsync(Scene scene)
    {
        life = scene.Victim.EngineLife();
        using var connections = new WriterConnections(
            scene.Victim.Engine,
            scene.Victim.Credentials
        );
        await using (var connection = await connections.OpenAsync(Scene.Cancelled))
        {
            var text = scene.Victim.Engine.Engine == "mysql" ? "longtext" : "text";
            await ExecuteAsync(
                connection,
                $"create table filler (writer varchar(40), body {text})"
            );
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Scene.Cancelled);
        enough.CancelAfter(FillDeadline);
        var filling = Enumerable
            .Range(0, Writers)
            .Select(n => FillAsync(connections, n, enough.Token))
            .ToList();
        await Eventually.BecomesAsync(
            async () => (Reason: await scene.ReasonAsync(), LastRefusal: lastRefusal),
            seen => seen.Reason.Contains("storageGib", StringComparison.Ordinal),
            FillDeadline,
            "the database says that its volume is nearly full"
        );
        await enough.CancelAsync();
        await Task.WhenAll(filling);
        Assert.Equal(life, scene.Victim.EngineLife());
    }

    public override async Task HealAsync(Scene scene)
    {
        var watch = Stopwatch.StartNew();
        var storage = (await scene.InstanceAsync())["storageGib"]!.GetValue<int>();
        await scene.Instances.SucceedsAsync(
            await scene.Instances.BeginPatchAsync(
                scene.Victim.Name,
                new() { ["storageGib"] = storage + 1 }
            )
        );
        grown = watch.Elapsed;
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        await Eventually.BecomesAsync(
            scene.ReasonAsync,
            reason => reason.Length == 0,
            TimeSpan.FromSeconds(90),
            "nothing is left of the full volume"
        );
        return [Measure.Of("grown", grown, 30)];
    }

    private async Task FillAsync(
        WriterConnections connections,
        int writer,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connections.OpenAsync(cancellationToken);
                while (!cancellationToken.IsCancellationRequested)
                {
                    // Half a megabyte that no compression makes smaller.
                    var body = Convert.ToBase64String(
                        System.Security.Cryptography.RandomNumberGenerator.GetBytes(384 << 10)
                    );
                    await ExecuteAsync(
                        connection,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"insert into filler values ('{writer}', '{body}')"
                        )
                    );
                }
            }
            catch (Exception failure)
                when (failure
                        is DbException
                            or IOException
                            or TimeoutException
                            or OperationCanceledException
                            or InvalidOperationException
                )
            {
                // Turned away, which is the point; asks again like a client that cannot know better.
                lastRefusal = failure.Message;
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
