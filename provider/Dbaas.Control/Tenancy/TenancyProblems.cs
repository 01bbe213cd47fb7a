using Dbaas.Control.Problems;

namespace Dbaas.Control.Tenancy;

internal static class TenancyProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "tenant.name_invalid",
            422,
            "Invalid tenant name",
            "Use 1 to 63 lower-case letters, digits and single hyphens, starting with a letter."
        ),
        new("tenant.name_taken", 409, "Tenant name taken", "Choose another name."),
        new(
            "tenant.quota_invalid",
            422,
            "Invalid quota",
            "Use whole numbers of instances and storage GiB, and amounts of 0 to 1000000."
        ),
    ];
}
