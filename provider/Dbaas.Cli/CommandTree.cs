using System.CommandLine;
using Dbaas.Cli.Access;
using Dbaas.Cli.Apply;
using Dbaas.Cli.Audit;
using Dbaas.Cli.Catalogue;
using Dbaas.Cli.Connect;
using Dbaas.Cli.Connection;
using Dbaas.Cli.Credentials;
using Dbaas.Cli.Hosts;
using Dbaas.Cli.Instances;
using Dbaas.Cli.Keys;
using Dbaas.Cli.Kms;
using Dbaas.Cli.Operations;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Cli.Shell;

namespace Dbaas.Cli;

/// <summary>All commands. Their names are a contract with scripts.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(
        string[] args,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        var parsed = Build(new CommandRunner(terminal)).Parse(args);
        var exitCode = await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            cancellationToken
        );
        return
            parsed.Errors.Count > 0
            && parsed.Action is System.CommandLine.Invocation.ParseErrorAction
            ? ExitCode.Usage
            : exitCode;
    }

    public static RootCommand Build(CommandRunner runner) =>
        new("Databases on your own machines, declared in code and held under your own keys.")
        {
            ConnectionSettings.EndpointOption,
            ConnectionSettings.CaFileOption,
            ConnectionSettings.TenantOption,
            OutputOption.Instance,
            StatusCommand.Create(runner),
            EnvCommand.Create(runner),
            ApplyCommand.Create(runner),
            PlanCommand.Create(runner),
            InstanceCommands.Create(runner),
            CredentialsCommand.Create(runner),
            ConnectCommand.Create(runner),
            OperationCommands.Create(runner),
            KeyCommands.Create(runner),
            KmsCommands.Create(runner),
            ApiKeyCommands.Create(runner),
            TenantCommands.Create(runner),
            AuditCommands.Create(runner),
            HostCommands.Create(runner),
            EngineCommands.Create(runner),
            RegionCommands.Create(runner),
            PriceCommands.Create(runner),
            CompletionCommand.Create(runner),
        };
}
