using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Promise 3: an apply can be killed anywhere and run again; exactly one database exists, or none after a destroy.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class InterruptedApplyTests(SharedPlatform shared)
{
    private static readonly TimeSpan OperationDeadline = TimeSpan.FromSeconds(120);

    public static TheoryData<Victim, string> CreateFaults { get; } =
        FaultMatrix.Of(
            FaultMatrix.CreateSteps,
            [
                (Victim.ControlService, "create-volume"),
                (Victim.ControlService, "start-engine"),
                (Victim.Host, "create-machine"),
                (Victim.Host, "open-volume"),
                (Victim.Agent, "start-engine"),
                (Victim.Provider, "start-machine"),
                (Victim.Terraform, "wrap-data-key"),
                (Victim.Terraform, "finish"),
            ]
        );

    [Theory]
    [MemberData(nameof(CreateFaults))]
    public async Task Given_a_kill_during_create_when_terraform_applies_again_then_exactly_one_database_exists(
        Victim victim,
        string step
    )
    {
        var platform = await shared.RunningAsync();
        var name = $"e2e-create-{victim}-{step}".ToLowerInvariant();
        using var rest = platform.Rest();
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();

        using (var interrupted = terraform.Start("apply", "-auto-approve", "-no-color"))
        {
            await KillAtAsync(platform, rest, name, "create", step, victim, interrupted);
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
        Assert.Empty(await platform.OrphansAsync());
    }

    public static TheoryData<Victim, string> DeleteFaults { get; } =
        FaultMatrix.Of(
            FaultMatrix.DeleteSteps,
            [
                (Victim.ControlService, "destroy-volume"),
                (Victim.Host, "destroy-machine"),
                (Victim.Provider, "close-endpoint"),
                (Victim.Terraform, "shred-keys"),
            ]
        );

    [Theory]
    [MemberData(nameof(DeleteFaults))]
    public async Task Given_a_kill_during_destroy_when_terraform_destroys_again_then_nothing_is_left(
        Victim victim,
        string step
    )
    {
        var platform = await shared.RunningAsync();
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
            await KillAtAsync(platform, rest, name, "delete", step, victim, interrupted);
            await interrupted.EndAsync(TimeSpan.FromSeconds(90));
        }

        await ControlIsReadyAsync(rest);
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();

        Assert.Empty(await rest.InstancesAsync(name));
        Assert.Empty(await platform.OrphansAsync());
    }

    /// <summary>
    /// Kills as soon as the operation has reached the step, or has ended before we saw it: a kill after the end is a fault worth
    /// trying as well.
    /// </summary>
    private static async Task KillAtAsync(
        Platform platform,
        RestClient rest,
        string name,
        string kind,
        string step,
        Victim victim,
        Command terraform
    )
    {
        var deadline = DateTime.UtcNow + OperationDeadline;
        while (DateTime.UtcNow < deadline)
        {
            var operations = (await rest.GetAsync("/v1/operations?limit=20"))["items"]!.AsArray();
            var mine = operations.FirstOrDefault(operation =>
                (string)operation!["resourceName"]! == name
                && ((string)operation["kind"]!).Contains(kind, StringComparison.OrdinalIgnoreCase)
            );
            if (mine is not null && HasReached(mine, step))
            {
                foreach (var pid in VictimProcesses.Find(victim, platform, terraform))
                {
                    ProcessTable.Kill(pid);
                }

                return;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException(
            $"No {kind} of {name} reached {step} within {OperationDeadline.TotalSeconds:0} s."
        );
    }

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
