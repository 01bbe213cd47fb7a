using Dbaas.Control.Problems;

namespace Dbaas.Control.Hosts;

internal static class HostProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "host.enrolment_refused",
            401,
            "Enrolment refused",
            "Use the enrolment token of the region; a token introduces one host, the next one needs a new token."
        ),
        new("host.request_invalid", 422, "Invalid enrolment", "Correct the member named."),
        new(
            "host.inventory_incomplete",
            503,
            "Inventory incomplete",
            "Repeat the request as Retry-After says; see the host's log when it stays so."
        ),
        new(
            "host.unreachable",
            503,
            "Host unreachable",
            "See that the host's daemon runs; a list without it would be wrong."
        ),
    ];
}
