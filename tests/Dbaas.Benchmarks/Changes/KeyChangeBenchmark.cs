using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Changes;

/// <summary>
/// Another key for an instance with 5 GiB of data: the data key is wrapped anew and no data is moved. Bytes are what its volume's device
/// read and wrote meanwhile, less what it does in the same time when nothing happens.
/// </summary>
internal sealed class KeyChangeBenchmark(RestClient rest, string root, string folder)
{
    private const string Region = "local-a";
    private const int DataGib = 5;
    private const int StorageGib = 8;
    private const double MiB = 1024 * 1024;

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        CancellationToken cancellationToken
    )
    {
        string[] keys = [await RegisterAsync("bench-one"), await RegisterAsync("bench-two")];
        var inputs = MeasuredEngine.PostgreSql.Inputs("bench-key");
        inputs["storageGib"] = StorageGib;
        inputs["kmsKeyId"] = keys[0];
        var instance = await CreatedInstance.CreateAsync(
            rest,
            inputs,
            Path.Combine(folder, "key-ca.crt"),
            cancellationToken
        );
        var id = (string)(await rest.InstancesAsync(instance.Name))[0]["id"]!;
        await FillAsync(instance, cancellationToken);
        var device = VolumeDevice.Of(root, StorageGib);
        Series seconds = new(),
            moved = new();
        for (var round = 1; round <= rounds; round++)
        {
            // What filled it is written by now; otherwise the kernel's own late writes would be counted.
            await device.QuietAsync();
            var before = device.Bytes();
            var operation = await rest.DoAsync(
                HttpMethod.Patch,
                $"/v1/instances/{id}",
                new JsonObject { ["kmsKeyId"] = keys[round % 2] }
            );
            var bytes = device.Bytes() - before;
            var took = Seconds(operation);
            before = device.Bytes();
            await Task.Delay(TimeSpan.FromSeconds(took), cancellationToken);
            var idle = device.Bytes() - before;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"key change {round}/{rounds}: {took:0.00} s, {bytes / MiB:0.00} MiB, idle {idle / MiB:0.00} MiB"
                )
            );
            seconds.Add(took);
            moved.Add(Math.Max(0, bytes - idle) / MiB);
        }

        await instance.DeleteAsync(rest, cancellationToken);
        return
        [
            new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Key change of an instance with {DataGib} GiB: request to done"
                ),
                "s",
                "0.00",
                seconds,
                "",
                null,
                null
            ),
            // A page or two of the database's own is not data moved.
            new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Key change of an instance with {DataGib} GiB: moved on its volume"
                ),
                "MiB",
                "0.00",
                moved,
                "",
                null,
                new(1, OfRatio: false)
            ),
        ];
    }

    private async Task<string> RegisterAsync(string alias)
    {
        var (status, text) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/keys",
            new JsonObject { ["alias"] = alias, ["region"] = Region }
        );
        Assert.True(status == HttpStatusCode.Created, text);
        return (string)JsonNode.Parse(text)!["id"]!;
    }

    // Rows of 8 KB kept as they are: filled with the disk's speed. A checkpoint ends it, so that nothing is left to write.
    private static async Task FillAsync(
        CreatedInstance instance,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await MeasuredEngine.PostgreSql.OpenAsync(
            instance.Address,
            cancellationToken
        );
        foreach (
            var sql in (string[])
                [
                    "create unlogged table filler (t text)",
                    "alter table filler alter t set storage plain",
                    .. Enumerable.Repeat(
                        "insert into filler select repeat('x', 8000) from generate_series(1, 131072)",
                        DataGib
                    ),
                    "vacuum (freeze) filler",
                    "alter table filler set (autovacuum_enabled = off)",
                ]
        )
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static double Seconds(JsonNode operation) =>
        (
            DateTimeOffset.Parse((string)operation["finishedAt"]!, CultureInfo.InvariantCulture)
            - DateTimeOffset.Parse((string)operation["createdAt"]!, CultureInfo.InvariantCulture)
        ).TotalSeconds;
}
