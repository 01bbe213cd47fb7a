using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <summary>Refusals and failures of operations.</summary>
internal static class OperationProblems
{
    public const string NotFound = "operation.not_found";
    public const string NotCancellable = "operation.not_cancellable";
    public const string Cancelled = "operation.cancelled";
    public const string StepDeadline = "operation.step_deadline";
    public const string Conflict = "operation.conflict";
    public const string Unreachable = "operation.unreachable";
    public const string Internal = "operation.internal";
    public const string FilterInvalid = "operation.filter_invalid";

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            NotFound,
            404,
            "No such operation",
            "Check the id; GET /v1/operations lists those of the tenant."
        ),
        new(
            NotCancellable,
            409,
            "Operation cannot be cancelled now",
            "Wait until it ends; it has passed the point of return or is ending already."
        ),
        new(
            Cancelled,
            409,
            "Operation cancelled",
            "Nothing is left of it; repeat the request if it was cancelled by mistake."
        ),
        new(
            StepDeadline,
            504,
            "Step took too long",
            "Look at the part of the platform the step names; the operation went on trying until its own deadline."
        ),
        new(Conflict, 409, "Conflicting change", "Repeat the request."),
        new(
            Unreachable,
            503,
            "Part of the platform unreachable",
            "See that hosts and key service run, then repeat the request."
        ),
        new(Internal, 500, "Internal error in a step", "Give the operation's id to the operator."),
        new(FilterInvalid, 400, "Invalid filter", "Use one of the values named in the detail."),
    ];
}
