using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <summary>A step could not do its work and knows why, in words a user can act on.</summary>
internal sealed class StepFailedException(Problem problem, bool retryable, Exception? inner = null)
    : Exception(problem.Detail, inner)
{
    public Problem Problem { get; } = problem;

    /// <summary>Whether the same step may succeed later.</summary>
    public bool Retryable { get; } = retryable;
}
