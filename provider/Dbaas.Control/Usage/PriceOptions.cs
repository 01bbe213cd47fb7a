using System.ComponentModel.DataAnnotations;

namespace Dbaas.Control.Usage;

/// <summary>
/// Prices where the administrator has set none (section <c>prices</c>): about what a rented server of 4 cores, 16 GiB and 200 GiB costs
/// for 730 hours (60 to 70 EUR), shared out over its parts. They make estimates comparable; nobody is billed by them.
/// </summary>
internal sealed class PriceOptions
{
    /// <summary>One core for one hour.</summary>
    [Range(0, 1000)]
    public decimal CpuHour { get; set; } = 0.0090m;

    /// <summary>One GiB of memory for one hour.</summary>
    [Range(0, 1000)]
    public decimal MemoryGibHour { get; set; } = 0.0030m;

    /// <summary>One GiB of volume for one hour.</summary>
    [Range(0, 1000)]
    public decimal StorageGibHour { get; set; } = 0.0001m;

    /// <summary>ISO 4217.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "EUR";
}
