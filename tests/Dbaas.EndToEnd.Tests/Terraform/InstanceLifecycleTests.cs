using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Terraform;

/// <summary>The life of a database as an infrastructure engineer sees it, with the real Terraform, psql and pgbench.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class InstanceLifecycleTests(SharedPlatform shared)
{
    private const string Name = "e2e-life";

    [Fact]
    public async Task Given_a_configuration_when_terraform_applies_changes_imports_and_destroys_it_then_each_step_does_what_it_says()
    {
        var platform = await shared.RunningAsync();
        using var rest = platform.Rest();
        using var terraform = new TerraformWorkspace(platform);
        var declared = new InstanceConfiguration(Name);
        terraform.Write(declared.ToString());
        await terraform.InitAsync();
        await terraform.ApplyAsync();
        await terraform.PlanIsEmptyAsync();

        var credentials = await Credentials.FetchAsync(platform, Name);
        using var psql = new Psql(credentials);
        Assert.Equal(
            "TLSv1.3",
            await psql.QueryAsync("select version from pg_stat_ssl where pid = pg_backend_pid()")
        );
        (await psql.BenchAsync("-i", "-q", "-s", "1")).Succeeded();
        (await psql.BenchAsync("-c", "4", "-t", "50", "-n")).Succeeded();

        await GrowAsync(platform, terraform, psql, declared);
        await ChangeAsync(terraform, psql, declared);
        await OnlyAllowedAddressesConnectAsync(terraform, psql, declared);
        await ImportAsync(terraform);
        await DestroyAsync(terraform, declared);

        Assert.Empty(await rest.InstancesAsync(Name));
        Assert.Empty(await platform.OrphansAsync());
    }

    private static async Task GrowAsync(
        Platform platform,
        TerraformWorkspace terraform,
        Psql psql,
        InstanceConfiguration declared
    )
    {
        var before = await psql.QueryAsync("select pg_postmaster_start_time()");
        terraform.Write((declared with { StorageGib = 2 }).ToString());
        var plan = (await terraform.RunAsync("plan", "-no-color")).Succeeded();
        await terraform.ApplyAsync();
        await terraform.PlanIsEmptyAsync();

        var restarted = before != await psql.QueryAsync("select pg_postmaster_start_time()");
        using var rest = platform.Rest();
        var hosts = (await rest.GetAsync("/v1/hosts"))["items"]!.AsArray();
        var online = hosts.All(host => host!["facts"]!["growsMountedVolumes"] is not null);
        // Promise 5: a plan tells the truth, whatever this box can do.
        Assert.Equal(!online, restarted);
        Assert.Equal(
            restarted,
            plan.Output.Contains("restart", StringComparison.OrdinalIgnoreCase)
        );
    }

    private static async Task ChangeAsync(
        TerraformWorkspace terraform,
        Psql psql,
        InstanceConfiguration declared
    )
    {
        var before = await psql.QueryAsync("select pg_postmaster_start_time()");
        terraform.Write(
            (
                declared with
                {
                    StorageGib = 2,
                    Parameters = new Dictionary<string, string> { ["work_mem"] = "7MB" },
                }
            ).ToString()
        );
        await terraform.ApplyAsync();
        await terraform.PlanIsEmptyAsync();

        await Eventually.BecomesAsync(
            () => psql.QueryAsync("show work_mem"),
            value => value == "7MB",
            TimeSpan.FromSeconds(30),
            "work_mem in new sessions"
        );
        // The parameter takes effect in a running engine, so none may restart for it.
        Assert.Equal(before, await psql.QueryAsync("select pg_postmaster_start_time()"));

        // Another spelling of the same value is no change.
        terraform.Write(
            (
                declared with
                {
                    StorageGib = 2,
                    Parameters = new Dictionary<string, string> { ["work_mem"] = "7168kB" },
                }
            ).ToString()
        );
        await terraform.ApplyAsync();
        await terraform.PlanIsEmptyAsync();
    }

    private static async Task OnlyAllowedAddressesConnectAsync(
        TerraformWorkspace terraform,
        Psql psql,
        InstanceConfiguration declared
    )
    {
        var changed = declared with
        {
            StorageGib = 2,
            Parameters = new Dictionary<string, string> { ["work_mem"] = "7168kB" },
        };
        terraform.Write((changed with { AllowedCidrs = ["192.0.2.0/24"] }).ToString());
        await terraform.ApplyAsync();
        await Eventually.BecomesAsync(
            () => psql.TryAsync("select 1"),
            result => result.ExitCode != 0,
            TimeSpan.FromSeconds(30),
            "a connection from an address that is no longer allowed is refused"
        );

        terraform.Write(changed.ToString());
        await terraform.ApplyAsync();
        await Eventually.BecomesAsync(
            () => psql.TryAsync("select 1"),
            result => result.ExitCode == 0,
            TimeSpan.FromSeconds(30),
            "a connection from an address that is allowed again succeeds"
        );
        await terraform.PlanIsEmptyAsync();
    }

    private static async Task ImportAsync(TerraformWorkspace terraform)
    {
        var id = (string)(await terraform.OutputAsync("id"))!;
        terraform.ForgetState();
        (
            await terraform.RunAsync("import", "-no-color", "dbaas_database_instance.main", id)
        ).Succeeded();
        // What import cannot know (the spelling of a parameter) may be written once, without touching the database.
        await terraform.ApplyAsync();
        await terraform.PlanIsEmptyAsync();
        Assert.Equal(id, (string)(await terraform.OutputAsync("id"))!);
    }

    private static async Task DestroyAsync(
        TerraformWorkspace terraform,
        InstanceConfiguration declared
    )
    {
        var refused = await terraform.RunAsync("destroy", "-auto-approve", "-no-color");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("deletion_protection", refused.All, StringComparison.Ordinal);

        terraform.Write(
            (
                declared with
                {
                    StorageGib = 2,
                    Parameters = new Dictionary<string, string> { ["work_mem"] = "7168kB" },
                    DeletionProtection = false,
                }
            ).ToString()
        );
        await terraform.ApplyAsync();
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    [Theory]
    [InlineData("/v1/instances/does-not-exist")]
    [InlineData("/v1/instances/ins_00000000000000000000000000000000")]
    public async Task Given_no_such_instance_when_it_is_read_then_the_answer_is_a_problem_with_a_code(
        string path
    )
    {
        var platform = await shared.RunningAsync();
        using var rest = platform.Rest();

        var (status, body) = await rest.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.NotNull(JsonNode.Parse(body)!["code"]);
    }
}
