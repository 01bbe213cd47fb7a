using Dbaas.Cli.Output;

namespace Dbaas.Cli.Tests;

/// <summary>One run of the command line in this process and what it printed.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static async Task<CliRun> StartAsync(
        IReadOnlyDictionary<string, string> environment,
        string[] args,
        CancellationToken? cancellationToken = null
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(
            output,
            error,
            name => environment.GetValueOrDefault(name),
            outputIsTerminal: false,
            errorIsTerminal: false
        );
        var exitCode = await CommandTree.RunAsync(
            args,
            terminal,
            cancellationToken ?? TestContext.Current.CancellationToken
        );
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
