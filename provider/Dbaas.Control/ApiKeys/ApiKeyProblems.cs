using Dbaas.Control.Problems;

namespace Dbaas.Control.ApiKeys;

internal static class ApiKeyProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "api_key.not_found",
            404,
            "No such API key",
            "Check the id; GET /v1/api-keys lists those of the tenant."
        ),
        new(
            "api_key.name_invalid",
            422,
            "Invalid name",
            "Use 1 to 63 lower-case letters, digits and single hyphens, starting with a letter."
        ),
        new("api_key.role_unknown", 422, "Unknown role", "Use one of the roles named."),
        new(
            "api_key.role_exceeds",
            403,
            "Role exceeds your rights",
            "Ask an owner: nobody gives rights they do not have."
        ),
        new(
            "api_key.expiry_invalid",
            422,
            "Invalid expiry",
            "Use 1 to 3650 days, or leave it out."
        ),
    ];
}
