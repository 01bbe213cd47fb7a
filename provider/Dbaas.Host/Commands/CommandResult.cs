namespace Dbaas.Host.Commands;

/// <summary>What a finished program said.</summary>
internal sealed record CommandResult(
    string Program,
    IReadOnlyList<string> Arguments,
    int ExitCode,
    string Output,
    string Error
)
{
    public bool Succeeded => ExitCode == 0;

    /// <exception cref="CommandFailedException">The program did not end with 0.</exception>
    public CommandResult EnsureSucceeded() =>
        Succeeded ? this : throw new CommandFailedException(this);
}
