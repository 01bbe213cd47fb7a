using System.Diagnostics;
using System.Globalization;
using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Machines;

/// <summary>What a machine costs while nobody uses its database, beside what the engine in it costs by itself.</summary>
internal sealed class IdleMachineBenchmark(RestClient rest, string folder, MeasuredEngine engine)
{
    // First statistics, checkpoints and the agent's own first looks are over by then.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    public async Task<IReadOnlyList<Comparison>> RunAsync(CancellationToken cancellationToken)
    {
        var instance = await CreatedInstance.CreateAsync(
            rest,
            engine.Inputs($"bench-idle-{engine.Name}"),
            Path.Combine(folder, "idle-ca.crt"),
            cancellationToken
        );
        var row = (await rest.InstancesAsync(instance.Name))[0];
        var id = (string)row["id"]!;
        var machine = RestClient.MachineOf(
            await rest.GetAsync("/v1/hosts/inventory"),
            (string)row["members"]![0]!["id"]!
        );
        await Task.Delay(Settling, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var before = MachineProcesses.Read(machine);
        await Task.Delay(Idle, cancellationToken);
        var after = MachineProcesses.Read(machine);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{id}");
        var other = (after.OtherSeconds - before.OtherSeconds) / seconds * 100;
        var own = (after.EngineSeconds - before.EngineSeconds) / seconds * 100;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{engine.Title} idle: {other:0.00} % of a core and {after.OtherMib:0.0} MiB beside the engine's {own:0.00} % and {after.EngineMib:0.0} MiB"
            )
        );
        return
        [
            new(
                $"Idle machine of {engine.Title}: processor beside the engine",
                "% of a core",
                "0.00",
                Series.Of(other),
                "the engine in it",
                Series.Of(own),
                null
            ),
            new(
                $"Idle machine of {engine.Title}: memory beside the engine",
                "MiB",
                "0.0",
                Series.Of(after.OtherMib),
                "the engine in it",
                Series.Of(after.EngineMib),
                null
            ),
        ];
    }
}
