using Dbaas.Control.Problems;

namespace Dbaas.Control.Keys;

internal static class KeyProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "key.not_found",
            404,
            "No such key",
            "Check the id or alias; GET /v1/keys lists those of the tenant."
        ),
        new(
            "key.unknown",
            422,
            "Unknown key",
            "Use the id or alias of a key registered with the tenant for this region."
        ),
        new(
            "key.wrong_region",
            422,
            "Key of another region",
            "Use a key registered for the instance's region."
        ),
        new(
            "key.alias_invalid",
            422,
            "Invalid alias",
            "Use 1 to 63 lower-case letters, digits and single hyphens, starting with a letter."
        ),
        new("key.alias_taken", 409, "Alias taken", "Choose another alias."),
        new("key.region_unknown", 422, "Unknown region", "Use one of the regions named."),
        new(
            "key.endpoint_not_allowed",
            422,
            "Key service not allowed",
            "Use the region's key service, or ask the platform administrator to configure yours."
        ),
        new(
            "key.unsuitable",
            422,
            "Unsuitable key",
            "Use a symmetric key for encryption and decryption."
        ),
        new("key.disabled", 409, "Key disabled", "Enable the key in its key service, then repeat."),
        new(
            "key.access_denied",
            409,
            "Key service refuses",
            "Let the platform's principal use the key."
        ),
        new(
            "key.service_unavailable",
            503,
            "Key service unreachable",
            "Repeat the request as Retry-After says."
        ),
        new(
            "key.shredded",
            409,
            "Key destroyed",
            "The data of this resource can never be read again; make a new resource."
        ),
    ];
}
