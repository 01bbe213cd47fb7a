using Dbaas.Client.Operations;

namespace Dbaas.Provider.Connection;

/// <summary>The control service refused a request, or an operation of it failed.</summary>
internal sealed class ServiceException(ProblemBody problem, string? operationId = null)
    : Exception(problem.Title)
{
    public ProblemBody Problem { get; } = problem;

    /// <summary>The operation that failed; null when the request itself was refused.</summary>
    public string? OperationId { get; } = operationId;
}
