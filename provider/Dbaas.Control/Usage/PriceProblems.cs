using Dbaas.Control.Problems;

namespace Dbaas.Control.Usage;

internal static class PriceProblems
{
    public const string Invalid = "price.invalid";
    public const string Currency = "price.currency_differs";
    public const string RegionUnknown = "price.region_unknown";

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            Invalid,
            422,
            "Invalid prices",
            "Send all three amounts, each 0 to 1000 for one hour, and a currency of three capital letters."
        ),
        new(
            Currency,
            409,
            "Another currency is in use",
            "Use the currency named: amounts in two currencies cannot be added."
        ),
        new(RegionUnknown, 404, "No such region", "GET /v1/regions lists the regions."),
    ];
}
