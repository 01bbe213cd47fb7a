using Dbaas.Client.Operations;

namespace Dbaas.Provider.Connection;

/// <summary>The control service refused a request, or an operation of it failed.</summary>
/// <param name="problem">Why.</param>
/// <param name="operation">The operation that failed; null when the request itself was refused.</param>
/// <param name="retryAfter">When to come back, as the refusal says.</param>
internal sealed class ServiceException(
    ProblemBody problem,
    OperationView? operation = null,
    TimeSpan? retryAfter = null
) : Exception(problem.Title)
{
    public ProblemBody Problem { get; } = problem;

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>The operation that failed; null when the request itself was refused.</summary>
    public string? OperationId => operation?.Id;

    /// <summary>The resource that operation was about; it may have been undone with it.</summary>
    public string? ResourceId => operation?.ResourceId;
}
