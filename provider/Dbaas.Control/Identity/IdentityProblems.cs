using Dbaas.Control.Problems;

namespace Dbaas.Control.Identity;

/// <summary>Refusals of who is not known or not allowed.</summary>
internal static class IdentityProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "access.unauthenticated",
            401,
            "Not authenticated",
            "Send Authorization: Bearer with a valid API key."
        ),
        new(
            "access.denied",
            403,
            "Not allowed",
            "Ask an owner of the tenant for a role with the right named in the detail."
        ),
        new(
            "tenant.not_found",
            404,
            "No such tenant",
            "Check the id or name; GET /v1/tenants lists yours."
        ),
    ];
}
