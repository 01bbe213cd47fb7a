using System.Diagnostics;
using System.Globalization;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Creates;

/// <summary>Ten instances asked for at once, until the last of them answers, against one alone.</summary>
internal sealed class TenCreates(RestClient rest, string folder)
{
    private const int Count = 10;

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        CancellationToken cancellationToken
    )
    {
        Series together = new(),
            alone = new();
        // The round before the first warms disk caches and compilers and does not count.
        for (var round = 0; round <= rounds; round++)
        {
            var one = await TimeAsync(round, 1, cancellationToken);
            var ten = await TimeAsync(round, Count, cancellationToken);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ten creates {round}/{rounds}: {ten.TotalSeconds:0.00} s, one {one.TotalSeconds:0.00} s"
                )
            );
            if (round > 0)
            {
                together.Add(ten.TotalSeconds);
                alone.Add(one.TotalSeconds);
            }
        }

        return
        [
            new(
                "Create: ten of PostgreSQL at once, first request to the last one's first query",
                "s",
                "0.00",
                together,
                "one alone",
                alone,
                null
            ),
        ];
    }

    private async Task<TimeSpan> TimeAsync(
        int round,
        int count,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        var instances = await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(number =>
                {
                    var name = string.Create(
                        CultureInfo.InvariantCulture,
                        $"bench-{count}-{round}-{number}"
                    );
                    return CreatedInstance.CreateAsync(
                        rest,
                        MeasuredEngine.PostgreSql.Inputs(name),
                        Path.Combine(folder, $"{name}.crt"),
                        cancellationToken
                    );
                })
        );
        var took = watch.Elapsed;
        await Task.WhenAll(
            instances.Select(instance => instance.DeleteAsync(rest, cancellationToken))
        );
        return took;
    }
}
