using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dbaas.Client.Usage;
using Dbaas.Control.Audit;
using Dbaas.Control.Composition;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Usage;

/// <summary>
/// Reads and sets the prices of regions. A new price is a new row: the book keeps what held before, so that a bill can be made of any
/// month. Safe to share between threads.
/// </summary>
internal sealed partial class PriceDesk(
    IPlatformTransactions platform,
    PriceBook book,
    IEventWriter events,
    IOptions<ControlOptions> options
)
{
    private const decimal Highest = 1000;

    /// <summary>Prices of every region, in the order of the configuration.</summary>
    public async Task<PriceBookView> ListAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        var prices = new List<PricesView>();
        foreach (var region in options.Value.Regions)
        {
            prices.Add(
                (await book.ReadAsync(transaction, region.Name, cancellationToken)).ToView(
                    region.Name
                )
            );
        }

        return new PriceBookView(prices);
    }

    /// <summary>All three prices at once: a book with one new and two old amounts says something nobody decided.</summary>
    public async Task<Outcome<PricesView>> SetAsync(
        Caller caller,
        string region,
        SetPricesRequest request,
        CancellationToken cancellationToken
    )
    {
        if (options.Value.Regions.All(known => known.Name != region))
        {
            return new Problem(
                PriceProblems.RegionUnknown,
                404,
                $"There is no region '{Printable.Of(region)}'."
            );
        }

        var fault =
            Refuse(request.CpuHour, "/cpuHour")
            ?? Refuse(request.MemoryGibHour, "/memoryGibHour")
            ?? Refuse(request.StorageGibHour, "/storageGibHour")
            ?? RefuseCurrency(request.Currency);
        if (fault is not null)
        {
            return fault;
        }

        await using var transaction = await platform.BeginAsync(cancellationToken);
        foreach (var other in options.Value.Regions.Where(other => other.Name != region))
        {
            var there = await book.ReadAsync(transaction, other.Name, cancellationToken);
            if (there.ValidFrom is not null && there.Currency != request.Currency)
            {
                return new Problem(
                    PriceProblems.Currency,
                    409,
                    $"Prices of {other.Name} are in {there.Currency}.",
                    "/currency",
                    there.Currency
                );
            }
        }

        await WriteAsync(transaction, region, request, cancellationToken);
        var now = await book.ReadAsync(transaction, region, cancellationToken);
        await events.AppendAsync(
            transaction,
            EventDraft.By(
                caller,
                "price.changed",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Prices of {region} are {now.CpuHour} a core, {now.MemoryGibHour} a GiB of memory and {now.StorageGibHour} a GiB of storage, in {now.Currency} for an hour."
                )
            ) with
            {
                ResourceId = region,
                Data = new JsonObject
                {
                    ["cpuHour"] = now.CpuHour,
                    ["memoryGibHour"] = now.MemoryGibHour,
                    ["storageGibHour"] = now.StorageGibHour,
                    ["currency"] = now.Currency,
                },
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return now.ToView(region);
    }

    private static async Task WriteAsync(
        PlatformTransaction transaction,
        string region,
        SetPricesRequest request,
        CancellationToken cancellationToken
    )
    {
        // The database's clock, by which the book is read as well. Twice within one transaction is one decision.
        await using var command = transaction.Command(
            """
            INSERT INTO price (region, dimension, valid_from, amount, currency)
            SELECT $1, dimension, now(), amount, $5
            FROM unnest(ARRAY['cpu', 'memory', 'storage'], ARRAY[$2, $3, $4]::numeric[]) AS fresh(dimension, amount)
            ON CONFLICT (region, dimension, valid_from) DO UPDATE SET amount = excluded.amount, currency = excluded.currency
            """,
            new NpgsqlParameter { Value = region },
            new NpgsqlParameter { Value = request.CpuHour!.Value },
            new NpgsqlParameter { Value = request.MemoryGibHour!.Value },
            new NpgsqlParameter { Value = request.StorageGibHour!.Value },
            new NpgsqlParameter { Value = request.Currency! }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Problem? Refuse(decimal? amount, string pointer) =>
        amount is >= 0 and <= Highest
            ? null
            : new Problem(
                PriceProblems.Invalid,
                422,
                amount is null
                    ? "An amount is missing; prices are set all three at once."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{amount} is outside 0 to {Highest}."
                    ),
                pointer,
                string.Create(CultureInfo.InvariantCulture, $"0 to {Highest}")
            );

    private static Problem? RefuseCurrency(string? currency) =>
        currency is not null && CurrencyPattern().IsMatch(currency)
            ? null
            : new Problem(
                PriceProblems.Invalid,
                422,
                "The currency is no ISO 4217 code.",
                "/currency",
                "three capital letters, for example EUR"
            );

    [GeneratedRegex("^[A-Z]{3}\\z")]
    private static partial Regex CurrencyPattern();
}
