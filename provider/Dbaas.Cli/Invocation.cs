using System.CommandLine;
using Dbaas.Cli.Connection;
using Dbaas.Cli.Output;
using Dbaas.Client;

namespace Dbaas.Cli;

/// <summary>One run of one command.</summary>
internal sealed class Invocation(
    ParseResult parsed,
    Terminal terminal,
    CancellationToken cancellationToken
) : IDisposable
{
    private ApiConnection? connection;

    public ParseResult Parsed => parsed;
    public Terminal Terminal => terminal;
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Whether -o json was asked for.</summary>
    public bool Json => parsed.GetValue(OutputOption.Instance) == OutputOption.Json;

    public ApiConnection Connection =>
        connection ??= new ApiConnection(ConnectionSettings.Resolve(parsed, terminal.Environment));

    public IDbaasApi Api => Connection.Api;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public void Dispose() => connection?.Dispose();
}
