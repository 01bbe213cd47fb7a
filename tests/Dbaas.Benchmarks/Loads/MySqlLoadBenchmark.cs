using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Loads;

/// <summary>sysbench against MySQL in turns: the bare server, the same with TLS, one on an encrypted volume, and an instance's endpoint.</summary>
internal sealed partial class MySqlLoadBenchmark(Platform platform, RestClient rest, string folder)
{
    public const int Tables = 4;
    public const int Rows = 50_000;
    public const int Clients = 4;
    private const string Schema = "bench";
    private const long VolumeBytes = 4L << 30;

    /// <summary>sysbench's own scripts, with what users may expect of the endpoint beside the bare engine.</summary>
    private static readonly (string Script, Goal Goal)[] Loads =
    [
        ("oltp_point_select", Goal.AtLeast(0.7)),
        ("oltp_read_write", Goal.AtLeast(0.9)),
    ];

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        const string name = "bench-load-mysql";
        var inputs = MeasuredEngine.MySql.Inputs(name);
        inputs["cpu"] = Environment.ProcessorCount;
        inputs["storageGib"] = VolumeBytes >> 30;
        var instance = await CreatedInstance.CreateAsync(
            rest,
            inputs,
            Path.Combine(folder, "load-mysql-ca.crt"),
            cancellationToken
        );
        var image = EngineImage.RootFolder("mysql", "9.7");
        using var encrypted = await EncryptedFolder.MakeAsync(
            LoadBenchmark.EncryptedRoot(folder),
            VolumeBytes,
            cancellationToken
        );
        await using var bare = await BareMySql.StartAsync(
            image,
            Path.Combine(folder, "bare-mysql"),
            cancellationToken
        );
        await using var onVolume = await BareMySql.StartAsync(
            image,
            Path.Combine(folder, "bare-mysql-encrypted"),
            cancellationToken,
            encrypted.Location
        );
        var account = await bare.OpenAsync(Schema, cancellationToken);
        using var withTls = await Sysbench.OfAsync(account);
        // Its first connection was made over TLS, so the server knows the password's digest and takes it in the clear as well.
        await withTls.FillAsync(Tables, Rows);
        using var plain = await Sysbench.OfAsync(account, tls: false);
        using var crypted = await Sysbench.OfAsync(
            await onVolume.OpenAsync(Schema, cancellationToken)
        );
        await crypted.FillAsync(Tables, Rows);
        using var through = await Sysbench.OfAsync(await Credentials.FetchAsync(platform, name));
        await through.FillAsync(Tables, Rows);
        (string Name, Sysbench Load)[] rungs =
        [
            ("bare server, loopback TCP without TLS", plain),
            ("the same with TLS", withTls),
            ("with TLS, on an encrypted volume", crypted),
            ("through the endpoint", through),
        ];
        List<Comparison> results = [];
        foreach (var (script, goal) in Loads)
        {
            var rates = await RatesAsync(script, rungs, rounds, seconds);
            Comparison Row(string part, int ours, int peer, Goal? held) =>
                new(
                    $"Load: sysbench {script} {part}",
                    "transactions/s",
                    "0",
                    rates[ours],
                    rungs[peer].Name,
                    rates[peer],
                    held
                );
            results.AddRange([
                Row("through the endpoint", 3, 0, goal),
                Row("– share of TLS", 1, 0, null),
                Row("– share of encryption at rest", 2, 1, null),
                Row("– share of machine, settings and gateway", 3, 2, null),
            ]);
        }

        await instance.DeleteAsync(rest, cancellationToken);
        return results;
    }

    private static async Task<Series[]> RatesAsync(
        string script,
        (string Name, Sysbench Load)[] rungs,
        int rounds,
        int seconds
    )
    {
        var rates = rungs.Select(_ => new Series()).ToArray();
        for (var round = 1; round <= rounds; round++)
        {
            for (var index = 0; index < rungs.Length; index++)
            {
                var said = (
                    await rungs[index].Load.LoadAsync(script, Tables, Rows, Clients, seconds)
                ).Succeeded();
                rates[index]
                    .Add(
                        double.Parse(
                            Rate().Match(said.Output).Groups[1].Value,
                            CultureInfo.InvariantCulture
                        )
                    );
            }

            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{script} {round}/{rounds}: {string.Join(", ", rungs.Select((rung, index) => $"{rung.Name} {rates[index].Text("0")}/s"))} (medians so far)"
                )
            );
        }

        return rates;
    }

    [GeneratedRegex(@"transactions: +\d+ +\(([0-9.]+) per sec\.\)")]
    private static partial Regex Rate();
}
