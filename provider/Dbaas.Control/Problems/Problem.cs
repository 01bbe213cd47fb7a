using Dbaas.Client.Operations;

namespace Dbaas.Control.Problems;

/// <summary>
/// A refusal as a value: what is wrong, where, and what would be right. Travels as an RFC 9457 body; the code is public contract and is
/// listed in <see cref="ProblemCatalogue"/>, so codes are added and never renamed.
/// </summary>
/// <param name="Code">area.reason in snake case.</param>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Detail">One or two sentences the user can act on; never holds a secret.</param>
internal sealed record Problem(string Code, int Status, string Detail)
{
    /// <summary>A problem with one field.</summary>
    /// <param name="pointer">JSON pointer of the field in the request.</param>
    /// <param name="allowed">What would be right; empty when no list makes sense.</param>
    public Problem(string code, int status, string detail, string pointer, string allowed = "")
        : this(code, status, detail) => Errors = [new(pointer, code, detail, allowed)];

    /// <summary>Each bad field; empty when the request as a whole is refused.</summary>
    public IReadOnlyList<FieldProblem> Errors { get; init; } = [];

    /// <summary>The engine's own last log lines when the engine was the reason.</summary>
    public IReadOnlyList<string> LogLines { get; init; } = [];

    /// <summary>Sent as Retry-After, in whole seconds; null when a retry cannot help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The version to repeat the change with, sent as ETag; null when it has none.</summary>
    public string? ETag { get; init; }

    /// <summary>The body that is sent and, for operations, stored.</summary>
    public ProblemBody ToBody(string? instance, string? requestId) =>
        new()
        {
            Type = ProblemCatalogue.TypeOf(Code),
            Title = ProblemCatalogue.TitleOf(Code),
            Status = Status,
            Detail = Detail,
            Instance = instance,
            Code = Code,
            RequestId = requestId,
            Errors = ManyErrors.Cut(Errors),
            LogLines = LogLines,
        };
}
