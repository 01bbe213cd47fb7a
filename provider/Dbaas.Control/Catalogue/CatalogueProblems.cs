using Dbaas.Control.Problems;

namespace Dbaas.Control.Catalogue;

internal static class CatalogueProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [new("engine.not_found", 404, "No such engine", "GET /v1/engines lists engines and versions.")];
}
