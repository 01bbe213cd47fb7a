using System.CommandLine;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client.Keys;

namespace Dbaas.Cli.Keys;

/// <summary>`dbaas key …`.</summary>
internal static class KeyCommands
{
    public static Command Create(CommandRunner runner) =>
        new("key", "Customer keys.")
        {
            runner.Runs(new Command("list", "List registered keys."), ListAsync),
            Register(runner),
            Get(runner),
        };

    private static async Task ListAsync(Invocation run) =>
        ListView.Write(
            run,
            await AllAsync(run),
            new("alias", key => key.Alias),
            new("state", key => key.State),
            new("default", key => key.IsDefault ? "yes" : "no"),
            new("region", key => key.Region),
            new("id", key => key.Id),
            new("arn", key => key.Arn)
        );

    private static Command Register(CommandRunner runner)
    {
        var alias = new Argument<string>("ALIAS") { Description = "Name within the tenant." };
        var arn = new Option<string?>("--arn")
        {
            Description = "Existing key; without it one is made in the region's key service.",
        };
        var service = new Option<string?>("--key-endpoint")
        {
            Description = "URL of its key service (AWS KMS protocol).",
        };
        var region = new Option<string?>("--region") { Description = "Region it is used in." };
        var isDefault = new Option<bool>("--default")
        {
            Description = "Use it for new instances that name none.",
        };
        return runner.Runs(
            new Command("register", "Register a key, or make one.")
            {
                alias,
                arn,
                service,
                region,
                isDefault,
            },
            async run =>
                Show(
                    run,
                    await run.Api.RegisterKeyAsync(
                        new RegisterKeyRequest
                        {
                            Alias = run.Get(alias),
                            Arn = run.Get(arn),
                            Endpoint = run.Get(service),
                            Region = run.Get(region),
                            IsDefault = run.Get(isDefault) ? true : null,
                        },
                        run.CancellationToken
                    )
                )
        );
    }

    private static Command Get(CommandRunner runner)
    {
        var idOrAlias = new Argument<string>("KEY") { Description = "Id (key_…) or alias." };
        return runner.Runs(
            new Command("get", "Show one key.") { idOrAlias },
            async run =>
            {
                var wanted = run.Get(idOrAlias);
                var key =
                    (await AllAsync(run)).FirstOrDefault(key =>
                        key.Id == wanted || key.Alias == wanted
                    )
                    ?? throw new CliException(
                        ExitCode.NotFound,
                        $"There is no key '{wanted}'.",
                        "`dbaas key list` shows the registered ones."
                    );
                Show(run, key);
            }
        );
    }

    private static Task<IReadOnlyList<KeyView>> AllAsync(Invocation run) =>
        Pages.AllAsync(cursor => run.Api.ListKeysAsync(cursor, null, run.CancellationToken));

    private static void Show(Invocation run, KeyView key)
    {
        if (run.Json)
        {
            JsonOutput.Write(run.Terminal, key);
            return;
        }

        ListView.WriteFields(
            run,
            ("alias", key.Alias),
            ("id", key.Id),
            ("state", key.State),
            ("default", key.IsDefault ? "yes" : "no"),
            ("region", key.Region),
            ("arn", key.Arn),
            ("endpoint", key.Endpoint),
            ("created", Look.Time(key.CreatedAt))
        );
    }
}
