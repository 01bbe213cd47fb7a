using Dbaas.Control.Problems;

namespace Dbaas.Control.Audit;

internal static class AuditProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [new("audit.filter_invalid", 400, "Invalid filter", "Use the form named in the detail.")];
}
