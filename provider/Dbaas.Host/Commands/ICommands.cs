namespace Dbaas.Host.Commands;

/// <summary>Runs programs with an argument list. There is no shell between us and them, so nothing needs quoting.</summary>
internal interface ICommands
{
    /// <summary>Runs to the end and collects what it says. A cancelled call kills the program.</summary>
    /// <param name="program">Looked up in the PATH.</param>
    /// <param name="arguments">Never a secret: other users of the box can read them.</param>
    /// <param name="input">Standard input, or null for none. This is the way for secrets.</param>
    /// <param name="cancellationToken">Ends the wait and the program.</param>
    Task<CommandResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string? input,
        CancellationToken cancellationToken
    );
}
