using Dbaas.Control.Instances;
using Dbaas.Control.Metadata;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Usage;

/// <summary>The prices that hold now.</summary>
internal sealed class PriceBook(IOptions<PriceOptions> options)
{
    public async Task<PriceList> ReadAsync(
        MetadataTransaction transaction,
        string region,
        CancellationToken cancellationToken
    )
    {
        await using var command = transaction.Command(
            Text("$1"),
            new NpgsqlParameter { Value = new[] { region } }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return (await ReadAsync(reader, [region], cancellationToken))[region];
    }

    /// <summary>Asks for the prices of the regions of all that are selected.</summary>
    public static NpgsqlBatchCommand Query(InstanceSelection instances) =>
        instances.Query(Text(instances.Regions));

    /// <summary>The answer to <see cref="Query"/>, with the defaults where the administrator has set nothing.</summary>
    public async Task<IReadOnlyDictionary<string, PriceList>> ReadAsync(
        NpgsqlDataReader reader,
        IReadOnlyCollection<string> regions,
        CancellationToken cancellationToken
    )
    {
        var defaults = options.Value;
        var lists = regions.ToDictionary(
            region => region,
            _ => new PriceList(
                defaults.CpuHour,
                defaults.MemoryGibHour,
                defaults.StorageGibHour,
                defaults.Currency
            )
        );
        while (await reader.ReadAsync(cancellationToken))
        {
            var list = lists[reader.GetString(0)];
            var amount = reader.GetDecimal(2);
            var from = reader.GetFieldValue<DateTimeOffset>(4);
            lists[reader.GetString(0)] = reader.GetString(1) switch
            {
                "cpu" => list with { CpuHour = amount },
                "memory" => list with { MemoryGibHour = amount },
                _ => list with { StorageGibHour = amount },
            } with
            {
                Currency = reader.GetString(3),
                ValidFrom = list.ValidFrom > from ? list.ValidFrom : from,
            };
        }

        return lists;
    }

    private static string Text(string regions) =>
        $"""
            SELECT DISTINCT ON (region, dimension) region, dimension, amount, currency, valid_from FROM price
            WHERE region = ANY ({regions}) AND valid_from <= now() ORDER BY region, dimension, valid_from DESC
            """;
}
