using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;
using Npgsql;

namespace Dbaas.Benchmarks.Loads;

/// <summary>
/// pgbench against five servers in turns, each with one thing more than the one before: the bare server, with TLS, on an encrypted volume,
/// in its machine (ceilings, network, our settings, Patroni), and through the endpoint. Neighbours show what each thing costs.
/// </summary>
internal sealed class LoadBenchmark(RestClient rest, string folder, string program)
{
    public const int Scale = 5;
    public const int Clients = 4;
    private const long VolumeBytes = 4L << 30;

    // Design section 10: what users may expect of the endpoint, beside the bare engine.
    private static readonly Goal SelectOnlyGoal = Goal.AtLeast(0.7);
    private static readonly Goal TpcbGoal = Goal.AtLeast(0.9);

    /// <summary>Folder that is encrypted during the run; a crashed run leaves it mounted.</summary>
    public static string EncryptedRoot(string folder) => Path.Combine(folder, "encrypted");

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var inputs = CreateBenchmark.Inputs("bench-load");
        // The bare server may use every core; a ceiling below that would measure the ceiling.
        inputs["cpu"] = Environment.ProcessorCount;
        inputs["storageGib"] = VolumeBytes >> 30;
        var instance = await CreatedInstance.CreateAsync(
            rest,
            inputs,
            Path.Combine(folder, "load-ca.crt"),
            cancellationToken
        );
        var image = EngineImage.RootFolder();
        using var encrypted = await EncryptedFolder.MakeAsync(
            EncryptedRoot(folder),
            VolumeBytes,
            cancellationToken
        );
        await using var bare = await BareServer.StartAsync(
            image,
            Path.Combine(folder, "bare"),
            cancellationToken
        );
        await using var withTls = await BareServer.StartAsync(
            image,
            Path.Combine(folder, "bare-tls"),
            cancellationToken,
            tls: true
        );
        await using var onVolume = await BareServer.StartAsync(
            image,
            Path.Combine(folder, "bare-encrypted"),
            cancellationToken,
            tls: true,
            data: encrypted.Location
        );
        using var bench = new Rungs(
            program,
            [
                ("bare server, loopback TCP without TLS", bare.Address),
                ("the same with TLS 1.3", withTls.Address),
                ("with TLS, on an encrypted volume", onVolume.Address),
                (
                    "in its machine, asked without the gateway",
                    await InMachineAsync(instance.Address, cancellationToken)
                ),
                ("through the endpoint", instance.Address),
            ]
        );
        await bench.FillAsync(Scale);
        List<Comparison> results = [];
        foreach (var selectOnly in (bool[])[true, false])
        {
            var rates = await bench.RunAsync(selectOnly, Clients, rounds, seconds);
            results.AddRange(
                Judged(
                    selectOnly ? "pgbench select-only" : "pgbench TPC-B-like",
                    selectOnly ? SelectOnlyGoal : TpcbGoal,
                    rates
                )
            );
        }

        await instance.DeleteAsync(rest, cancellationToken);
        return results;
    }

    /// <summary>The whole first, then each thing beside the server that lacks only that.</summary>
    private static IEnumerable<Comparison> Judged(
        string load,
        Goal goal,
        IReadOnlyList<(string Name, Series Rates)> rungs
    )
    {
        Comparison Row(string name, int ours, int peer, Goal? held) =>
            new(
                $"Load: {load} {name}",
                "transactions/s",
                "0",
                rungs[ours].Rates,
                rungs[peer].Name,
                rungs[peer].Rates,
                held
            );
        yield return Row("through the endpoint", 4, 0, goal);
        yield return Row("– share of TLS", 1, 0, null);
        yield return Row("– share of encryption at rest", 2, 1, null);
        yield return Row("– share of the machine", 3, 2, null);
        yield return Row("– share of the gateway", 4, 3, null);
    }

    /// <summary>The server where the gateway reaches it. Its certificate names the endpoint, so the name is not compared.</summary>
    private static async Task<ServerAddress> InMachineAsync(
        ServerAddress endpoint,
        CancellationToken cancellationToken
    )
    {
        await using var source = NpgsqlDataSource.Create(endpoint.ConnectionString);
        await using var query = source.CreateCommand(
            "select host(inet_server_addr()), inet_server_port()"
        );
        await using var reader = await query.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return endpoint with
        {
            Host = reader.GetString(0),
            Port = reader.GetInt32(1),
            AnyName = true,
        };
    }
}
