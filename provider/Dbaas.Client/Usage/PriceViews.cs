namespace Dbaas.Client.Usage;

/// <summary>What one hour costs in a region.</summary>
/// <param name="Region">Name of the region.</param>
/// <param name="CpuHour">One core for one hour.</param>
/// <param name="MemoryGibHour">One GiB of memory for one hour.</param>
/// <param name="StorageGibHour">One GiB of volume for one hour.</param>
/// <param name="Currency">ISO 4217, three capital letters.</param>
/// <param name="ValidFrom">Since when; null where nobody has set prices and the platform's defaults hold.</param>
public sealed record PricesView(
    string Region,
    decimal CpuHour,
    decimal MemoryGibHour,
    decimal StorageGibHour,
    string Currency,
    DateTimeOffset? ValidFrom
);

/// <summary>Prices of all regions, as they hold now.</summary>
public sealed record PriceBookView(IReadOnlyList<PricesView> Prices);

/// <summary>New prices of one region. They hold from now on; what was used before keeps the prices of its time in the book.</summary>
public sealed record SetPricesRequest
{
    /// <summary>One core for one hour: 0 to 1000.</summary>
    public decimal? CpuHour { get; init; }

    /// <summary>One GiB of memory for one hour: 0 to 1000.</summary>
    public decimal? MemoryGibHour { get; init; }

    /// <summary>One GiB of volume for one hour: 0 to 1000.</summary>
    public decimal? StorageGibHour { get; init; }

    /// <summary>ISO 4217, three capital letters. All regions share one: amounts in two currencies cannot be added.</summary>
    public string? Currency { get; init; }
}
