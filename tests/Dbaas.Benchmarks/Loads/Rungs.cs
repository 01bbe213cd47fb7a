using System.Globalization;
using Dbaas.Benchmarks.Figures;

namespace Dbaas.Benchmarks.Loads;

/// <summary>One load on several servers, in turns, so that a slower minute of the machine slows all of them.</summary>
internal sealed class Rungs(
    string program,
    IReadOnlyList<(string Name, ServerAddress Address)> servers
) : IDisposable
{
    private readonly IReadOnlyList<(string Name, Pgbench Load)> rungs =
    [
        .. servers.Select(server => (server.Name, new Pgbench(program, server.Address))),
    ];

    /// <summary>The last two are one server by two ways; filling it twice only takes longer.</summary>
    public async Task FillAsync(int scale)
    {
        foreach (var (_, load) in rungs.SkipLast(2).Append(rungs[^1]))
        {
            await load.FillAsync(scale);
        }
    }

    public async Task<IReadOnlyList<(string Name, Series Rates)>> RunAsync(
        bool selectOnly,
        int clients,
        int rounds,
        int seconds
    )
    {
        var rates = rungs.Select(rung => (rung.Name, Rates: new Series())).ToList();
        for (var round = 1; round <= rounds; round++)
        {
            for (var index = 0; index < rungs.Count; index++)
            {
                rates[index]
                    .Rates.Add(await rungs[index].Load.RateAsync(selectOnly, clients, seconds));
            }

            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(selectOnly ? "select-only" : "TPC-B-like")} {round}/{rounds}: {string.Join(", ", rates.Select(rung => $"{rung.Name} {rung.Rates.Text("0")}/s"))} (medians so far)"
                )
            );
        }

        return rates;
    }

    public void Dispose()
    {
        foreach (var (_, load) in rungs)
        {
            load.Dispose();
        }
    }
}
