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
            """
            SELECT DISTINCT ON (dimension) dimension, amount, currency FROM price
            WHERE region = $1 AND valid_from <= now() ORDER BY dimension, valid_from DESC
            """,
            new NpgsqlParameter { Value = region }
        );
        var defaults = options.Value;
        var list = new PriceList(
            defaults.CpuHour,
            defaults.MemoryGibHour,
            defaults.StorageGibHour,
            defaults.Currency
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var amount = reader.GetDecimal(1);
            list = reader.GetString(0) switch
            {
                "cpu" => list with { CpuHour = amount },
                "memory" => list with { MemoryGibHour = amount },
                _ => list with { StorageGibHour = amount },
            } with
            {
                Currency = reader.GetString(2),
            };
        }

        return list;
    }
}
