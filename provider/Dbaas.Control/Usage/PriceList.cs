using Dbaas.Client.Instances;
using Dbaas.Client.Usage;

namespace Dbaas.Control.Usage;

/// <summary>Prices of a region for one hour.</summary>
internal sealed record PriceList(
    decimal CpuHour,
    decimal MemoryGibHour,
    decimal StorageGibHour,
    string Currency
)
{
    /// <summary>Since when the youngest of the three holds; null while the defaults do.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    public PricesView ToView(string region) =>
        new(region, CpuHour, MemoryGibHour, StorageGibHour, Currency, ValidFrom);

    /// <summary>Hours of a month: 365 days of 24 hours in twelve parts.</summary>
    public const int HoursPerMonth = 730;

    /// <summary>A month at this size. A stopped instance pays for its volume alone.</summary>
    public CostEstimateView Month(double cpu, double memoryGib, int storageGib, bool running) =>
        new(
            Math.Round(
                HoursPerMonth
                    * (
                        (
                            running
                                ? ((decimal)cpu * CpuHour) + ((decimal)memoryGib * MemoryGibHour)
                                : 0
                        ) + (storageGib * StorageGibHour)
                    ),
                2,
                MidpointRounding.AwayFromZero
            ),
            Currency
        );
}
