namespace Dbaas.Control.Problems;

/// <summary>From refusals to HTTP answers.</summary>
internal static class ProblemExtensions
{
    extension(Problem problem)
    {
        /// <summary>The refusal as the answer of an endpoint.</summary>
        public ProblemResult ToResult() => new(problem);
    }
}
