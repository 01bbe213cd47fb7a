using System.Globalization;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Loads;

/// <summary>pgbench through an instance's endpoint against the bare server, in turns.</summary>
internal sealed class LoadBenchmark(RestClient rest, string folder, string program)
{
    public const int Scale = 5;
    public const int Clients = 4;

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var inputs = CreateBenchmark.Inputs("bench-load");
        // The bare server may use every core; a ceiling below that would measure the ceiling.
        inputs["cpu"] = Environment.ProcessorCount;
        var instance = await CreatedInstance.CreateAsync(
            rest,
            inputs,
            Path.Combine(folder, "load-ca.crt"),
            cancellationToken
        );
        await using var bare = await BareServer.StartAsync(
            EngineImage.RootFolder(),
            Path.Combine(folder, "bare"),
            cancellationToken
        );
        using var ours = new Pgbench(program, instance.Address);
        using var peer = new Pgbench(program, bare.Address);
        await ours.FillAsync(Scale);
        await peer.FillAsync(Scale);
        List<Comparison> results = [];
        foreach (var selectOnly in (bool[])[true, false])
        {
            Series through = new(),
                direct = new();
            for (var round = 1; round <= rounds; round++)
            {
                through.Add(await ours.RateAsync(selectOnly, Clients, seconds));
                direct.Add(await peer.RateAsync(selectOnly, Clients, seconds));
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Name(selectOnly)} {round}/{rounds}: {through.Text("0")}/s, bare {direct.Text("0")}/s (medians so far)"
                    )
                );
            }

            results.Add(
                new(
                    $"Load: {Name(selectOnly)} through the endpoint",
                    "transactions/s",
                    "0",
                    through,
                    "same load, bare server over loopback TCP without TLS",
                    direct,
                    null
                )
            );
        }

        await instance.DeleteAsync(rest, cancellationToken);
        return results;
    }

    private static string Name(bool selectOnly) =>
        selectOnly ? "pgbench select-only" : "pgbench TPC-B-like";
}
