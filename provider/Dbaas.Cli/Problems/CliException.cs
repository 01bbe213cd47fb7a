using Dbaas.Client.Operations;

namespace Dbaas.Cli.Problems;

/// <summary>Ends a command with a message and an exit code.</summary>
internal sealed class CliException : Exception
{
    public CliException(int exitCode, string message, string? hint = null)
        : base(message)
    {
        ExitCode = exitCode;
        Hint = hint;
    }

    public CliException(ProblemBody problem, string? hint = null)
        : base(problem.Detail ?? problem.Title)
    {
        ExitCode = Problems.ExitCode.OfStatus(problem.Status);
        Problem = problem;
        Hint = hint;
    }

    public int ExitCode { get; }
    public ProblemBody? Problem { get; }

    /// <summary>What to do next, usually a command.</summary>
    public string? Hint { get; }
}
