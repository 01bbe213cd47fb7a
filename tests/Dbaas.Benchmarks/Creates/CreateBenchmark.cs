using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Creates;

/// <summary>A create against initdb and pg_ctl by hand, in turns, so that both meet the same load of the machine.</summary>
internal sealed class CreateBenchmark(RestClient rest, string folder)
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
                Inputs(string.Create(CultureInfo.InvariantCulture, $"bench-{round}")),
                Path.Combine(folder, "create-ca.crt"),
                cancellationToken
            );
            await instance.DeleteAsync(rest, cancellationToken);
            TimeSpan peer;
            await using (
                var server = await BareServer.StartAsync(
                    EngineImage.RootFolder(),
                    Path.Combine(folder, "bare"),
                    cancellationToken
                )
            )
            {
                peer = server.FirstQuery;
            }

            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"create {round}/{rounds}: {instance.FirstQuery.TotalSeconds:0.00} s, bare {peer.TotalSeconds:0.00} s"
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
                "Create: accepted request to first query over TLS 1.3",
                "s",
                "0.00",
                ours,
                "initdb, pg_ctl start, first query",
                bare,
                new(2.0, OfRatio: true)
            ),
            new("Create: request sent to accepted (202)", "ms", "0", accepted, "", null, null),
        ];
    }

    public static JsonObject Inputs(string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = "postgresql",
            ["engineVersion"] = "18",
            ["region"] = "local-a",
            ["storageGib"] = 1,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["databases"] = new JsonArray("bench"),
            ["deletionProtection"] = false,
        };

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
