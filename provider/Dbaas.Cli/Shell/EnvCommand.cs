using System.CommandLine;
using Dbaas.Cli.Connection;

namespace Dbaas.Cli.Shell;

/// <summary>`eval "$(dbaas env)"`.</summary>
internal static class EnvCommand
{
    public static Command Create(CommandRunner runner) =>
        runner.Runs(
            new Command("env", "Print export lines for a shell: eval \"$(dbaas env)\"."),
            run =>
            {
                var settings = ConnectionSettings.Resolve(run.Parsed, run.Terminal.Environment);
                Export(run, "DBAAS_ENDPOINT", settings.Endpoint.ToString().TrimEnd('/'));
                Export(run, "DBAAS_CA_FILE", settings.CaFile);
                Export(run, "DBAAS_API_KEY", settings.ApiKey);
                Export(run, "DBAAS_TENANT", settings.Tenant);
                return Task.CompletedTask;
            }
        );

    private static void Export(Invocation run, string name, string? value)
    {
        if (value is not null)
        {
            run.Terminal.Output.WriteLine($"export {name}={ShellWord.Quote(value)}");
        }
    }
}
