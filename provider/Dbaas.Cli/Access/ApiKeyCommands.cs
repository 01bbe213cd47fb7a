using System.CommandLine;
using Dbaas.Cli.Output;
using Dbaas.Client.Tenancy;
using Spectre.Console;

namespace Dbaas.Cli.Access;

/// <summary>`dbaas api-key …`.</summary>
internal static class ApiKeyCommands
{
    public static Command Create(CommandRunner runner) =>
        new("api-key", "Keys for people and programs.")
        {
            runner.Runs(new Command("list", "List API keys, without their secrets."), ListAsync),
            CreateKey(runner),
            Delete(runner),
        };

    private static async Task ListAsync(Invocation run) =>
        ListView.Write(
            run,
            await Pages.AllAsync(cursor =>
                run.Api.ListApiKeysAsync(cursor, null, run.CancellationToken)
            ),
            new("name", key => key.Name),
            new("role", key => key.Role),
            new("prefix", key => key.Prefix),
            new("created", key => Look.Time(key.CreatedAt)),
            new("expires", key => Look.Time(key.ExpiresAt) ?? "never"),
            new("last used", key => Look.Time(key.LastUsedAt) ?? "never"),
            new("id", key => key.Id)
        );

    private static Command CreateKey(CommandRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "What it is for." };
        var role = new Option<string>("--role")
        {
            Description = "owner, operator, viewer, auditor.",
            DefaultValueFactory = _ => "operator",
        };
        var days = new Option<int?>("--expires-in-days")
        {
            Description = "1 to 3650; without it, it never expires.",
        };
        return runner.Runs(
            new Command("create", "Make an API key. Its secret is printed once.")
            {
                name,
                role,
                days,
            },
            async run =>
            {
                var created = await run.Api.CreateApiKeyAsync(
                    new CreateApiKeyRequest
                    {
                        Name = run.Get(name),
                        Role = run.Get(role),
                        ExpiresInDays = run.Get(days),
                    },
                    run.CancellationToken
                );
                if (run.Json)
                {
                    JsonOutput.Write(run.Terminal, created);
                    return;
                }

                // The secret alone on standard output, so that a script can catch it and nothing else.
                run.Terminal.Messages.MarkupLineInterpolated(
                    $"[dim]made[/] {created.Key.Id} [dim]({created.Key.Role}); its secret, shown only now:[/]"
                );
                run.Terminal.Output.WriteLine(created.Secret);
            }
        );
    }

    private static Command Delete(CommandRunner runner)
    {
        var id = new Argument<string>("ID") { Description = "Id of the API key." };
        return runner.Runs(
            new Command("delete", "Delete an API key; it stops working at once.") { id },
            async run =>
            {
                await run.Api.DeleteApiKeyAsync(run.Get(id), run.CancellationToken);
                run.Terminal.Messages.MarkupLineInterpolated($"[green]deleted[/] {run.Get(id)}");
            }
        );
    }
}
