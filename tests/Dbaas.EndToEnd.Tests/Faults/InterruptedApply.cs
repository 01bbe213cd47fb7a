using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>
/// An apply or a destroy of one database, with a kill in the middle, and then run again. What is left on the hosts is judged by the
/// test, which knows whether it has company.
/// </summary>
internal sealed class InterruptedApply(Platform platform)
{
    private static readonly TimeSpan OperationDeadline = TimeSpan.FromSeconds(120);

    /// <summary>Exactly one database exists after the second apply, and none after its destroy.</summary>
    public async Task CreateAsync(Victim victim, string step)
    {
        var name = $"e2e-create-{victim}-{step}".ToLowerInvariant();
        using var rest = platform.Rest();
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();

        using (var interrupted = terraform.Start("apply", "-auto-approve", "-no-color"))
        {
            await KillAtAsync(rest, name, "create", step, victim, interrupted);
            await interrupted.EndAsync(TimeSpan.FromSeconds(90));
        }

        await ControlIsReadyAsync(rest);
        await terraform.ApplyAsync();
        await terraform.PlanIsEmptyAsync();

        var instance = Assert.Single(await rest.InstancesAsync(name));
        Assert.Equal("available", (string)instance["status"]!);
        using var psql = new Psql(await Credentials.FetchAsync(platform, name));
        Assert.Equal("1", await psql.QueryAsync("select 1"));
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    /// <summary>Nothing is left after the second destroy.</summary>
    public async Task DestroyAsync(Victim victim, string step)
    {
        var name = $"e2e-delete-{victim}-{step}".ToLowerInvariant();
        using var rest = platform.Rest();
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();

        using (var interrupted = terraform.Start("destroy", "-auto-approve", "-no-color"))
        {
            await KillAtAsync(rest, name, "delete", step, victim, interrupted);
            await interrupted.EndAsync(TimeSpan.FromSeconds(90));
        }

        await ControlIsReadyAsync(rest);
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();

        Assert.Empty(await rest.InstancesAsync(name));
    }

    /// <summary>
    /// Kills as soon as the operation has reached the step, or has ended before we saw it: a kill after the end is a fault worth
    /// trying as well. One that meets nobody proves nothing, and passes only if the victim had ended by right before it was seen.
    /// </summary>
    private async Task KillAtAsync(
        RestClient rest,
        string name,
        string kind,
        string step,
        Victim victim,
        Command terraform
    )
    {
        var deadline = DateTime.UtcNow + OperationDeadline;
        var inVain = false;
        while (DateTime.UtcNow < deadline)
        {
            var operations = (await rest.GetAsync("/v1/operations?limit=20"))["items"]!.AsArray();
            var mine = operations.FirstOrDefault(operation =>
                (string)operation!["resourceName"]! == name
                && ((string)operation["kind"]!).Contains(kind, StringComparison.OrdinalIgnoreCase)
            );
            if (mine is not null && HasReached(mine, step))
            {
                // The operation was read after the look that found nobody: whom it still needs was missing then.
                if (inVain && MayHaveEnded(victim, mine))
                {
                    return;
                }

                Assert.False(
                    inVain && !MayComeYet(victim, kind),
                    $"At {step} of the {kind} there was no {victim} to kill: {mine}"
                );
                var living = VictimProcesses.Find(victim, platform, terraform);
                foreach (var pid in living)
                {
                    ProcessTable.Kill(pid);
                }

                if (living.Count > 0)
                {
                    return;
                }

                inVain = true;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException(
            inVain
                ? $"No {victim} appeared in {OperationDeadline.TotalSeconds:0} s, though a {kind} of {name} has reached {step}."
                : $"No {kind} of {name} reached {step} within {OperationDeadline.TotalSeconds:0} s."
        );
    }

    /// <summary>An agent ends with the machine that a deletion takes away, a provider when what it asked for is done.</summary>
    private static bool MayHaveEnded(Victim victim, JsonNode operation) =>
        victim == Victim.Agent
            ? operation["steps"]!
                .AsArray()
                .Any(one =>
                    (string)one!["name"]! == "destroy-machine" && (string)one["state"]! != "waiting"
                )
            : (string)operation["state"]! is not ("queued" or "running");

    /// <summary>A machine's start is under way for a moment before there is an agent.</summary>
    private static bool MayComeYet(Victim victim, string kind) =>
        victim == Victim.Agent && kind == "create";

    private static bool HasReached(JsonNode operation, string step) =>
        (string)operation["state"]! is not ("queued" or "running")
        || operation["steps"]!
            .AsArray()
            .Any(one =>
                (string)one!["name"]! == step && (string)one["state"]! is "running" or "done"
            );

    private static Task ControlIsReadyAsync(RestClient rest) =>
        Eventually.HoldsAsync(
            async () =>
                (await rest.SendAsync(HttpMethod.Get, "/readyz")).Status
                == System.Net.HttpStatusCode.OK,
            TimeSpan.FromSeconds(60),
            "the control service is back"
        );
}
