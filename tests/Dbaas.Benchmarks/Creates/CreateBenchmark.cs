using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Creates;

/// <summary>A create against the engine initialised and started by hand, in turns, so that both meet the same load of the machine.</summary>
internal sealed class CreateBenchmark(RestClient rest, string folder, MeasuredEngine engine)
{
    private readonly Series accepted = new();
    private readonly Series ours = new();
    private readonly Series bare = new();
    private readonly Dictionary<string, Series> steps = [];
    private readonly List<string> order = [];

    public IReadOnlyList<(string Step, Series Milliseconds)> Steps =>
        [.. order.Select(step => (step, steps[step]))];

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        CancellationToken cancellationToken
    )
    {
        // The round before the first warms disk caches and compilers of both sides and does not count.
        for (var round = 0; round <= rounds; round++)
        {
            var instance = await CreatedInstance.CreateAsync(
                rest,
                engine.Inputs(string.Create(CultureInfo.InvariantCulture, $"bench-{round}")),
                Path.Combine(folder, "create-ca.crt"),
                cancellationToken
            );
            await instance.DeleteAsync(rest, cancellationToken);
            var peer = await engine.BareAsync(Path.Combine(folder, "bare"), cancellationToken);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"create {engine.Title} {round}/{rounds}: {instance.FirstQuery.TotalSeconds:0.00} s, bare {peer.TotalSeconds:0.00} s"
                )
            );
            if (round > 0)
            {
                Count(instance, peer);
            }
        }

        return
        [
            new(
                $"Create of {engine.Title}: accepted request to first query over TLS 1.3",
                "s",
                "0.00",
                ours,
                engine.PeerName,
                bare,
                engine.Goal
            ),
            new(
                $"Create of {engine.Title}: request sent to accepted (202)",
                "ms",
                "0",
                accepted,
                "",
                null,
                null
            ),
        ];
    }

    /// <summary>The smallest PostgreSQL.</summary>
    public static JsonObject Inputs(string name) => MeasuredEngine.PostgreSql.Inputs(name);

    private void Count(CreatedInstance instance, TimeSpan peer)
    {
        accepted.Add(instance.Accepted.TotalMilliseconds);
        ours.Add(instance.FirstQuery.TotalSeconds);
        bare.Add(peer.TotalSeconds);
        foreach (var (step, milliseconds) in instance.Steps)
        {
            if (!steps.TryGetValue(step, out var series))
            {
                steps[step] = series = new();
                order.Add(step);
            }

            series.Add(milliseconds);
        }
    }
}
