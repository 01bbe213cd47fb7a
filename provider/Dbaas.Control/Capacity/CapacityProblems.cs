using Dbaas.Control.Problems;

namespace Dbaas.Control.Capacity;

/// <summary>Refusals about room.</summary>
internal static class CapacityProblems
{
    public const string Exceeded = "capacity.exceeded";
    public const string Quota = "capacity.quota";
    public const string RegionUnavailable = "capacity.region_unavailable";
    public const string AddressesExhausted = "capacity.addresses_exhausted";

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            Exceeded,
            409,
            "Not enough room",
            "Choose a smaller size or another region, or add a host."
        ),
        new(
            Quota,
            409,
            "Quota exceeded",
            "Delete what is not needed, or ask the administrator for more."
        ),
        new(
            RegionUnavailable,
            503,
            "Region unavailable",
            "Choose another region, or try again later."
        ),
        new(
            AddressesExhausted,
            409,
            "No address left",
            "Give the host a larger range of endpoint addresses."
        ),
    ];
}
