namespace Dbaas.Host.Commands;

/// <summary>Short forms for the usual call.</summary>
internal static class CommandExtensions
{
    extension(ICommands commands)
    {
        /// <summary>Runs without input and insists on success.</summary>
        /// <exception cref="CommandFailedException">The program did not end with 0.</exception>
        public async Task<CommandResult> DoAsync(
            string program,
            IReadOnlyList<string> arguments,
            CancellationToken cancellationToken
        ) =>
            (
                await commands.RunAsync(program, arguments, null, cancellationToken)
            ).EnsureSucceeded();

        /// <summary>Runs without input; the caller looks at the exit code.</summary>
        public Task<CommandResult> TryAsync(
            string program,
            IReadOnlyList<string> arguments,
            CancellationToken cancellationToken
        ) => commands.RunAsync(program, arguments, null, cancellationToken);
    }
}
