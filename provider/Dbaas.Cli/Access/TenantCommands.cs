using System.CommandLine;
using Dbaas.Cli.Output;
using Dbaas.Client.Tenancy;
using Spectre.Console;

namespace Dbaas.Cli.Access;

/// <summary>`dbaas tenant …`.</summary>
internal static class TenantCommands
{
    public static Command Create(CommandRunner runner) =>
        new("tenant", "Tenants and their quotas.")
        {
            runner.Runs(new Command("list", "List tenants."), ListAsync),
            CreateTenant(runner),
        };

    private static async Task ListAsync(Invocation run) =>
        ListView.Write(
            run,
            await Pages.AllAsync(cursor =>
                run.Api.ListTenantsAsync(cursor, null, run.CancellationToken)
            ),
            new("name", tenant => tenant.Name),
            new("instances", tenant => $"{tenant.Quota.Instances}", RightAligned: true),
            new("cpu", tenant => Look.Number(tenant.Quota.Cpu), RightAligned: true),
            new(
                "memory",
                tenant => Look.Number(tenant.Quota.MemoryGib) + " GiB",
                RightAligned: true
            ),
            new("storage", tenant => tenant.Quota.StorageGib + " GiB", RightAligned: true),
            new("created", tenant => Look.Time(tenant.CreatedAt)),
            new("id", tenant => tenant.Id)
        );

    private static Command CreateTenant(CommandRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the tenant." };
        return runner.Runs(
            new Command("create", "Make a tenant. Its owner's API key is printed once.") { name },
            async run =>
            {
                var created = await run.Api.CreateTenantAsync(
                    new CreateTenantRequest { Name = run.Get(name) },
                    run.CancellationToken
                );
                if (run.Json)
                {
                    JsonOutput.Write(run.Terminal, created);
                    return;
                }

                run.Terminal.Messages.MarkupLineInterpolated(
                    $"[dim]made tenant[/] {created.Tenant.Id}[dim]; its owner's API key, shown only now:[/]"
                );
                run.Terminal.Output.WriteLine(created.OwnerKey.Secret);
            }
        );
    }
}
