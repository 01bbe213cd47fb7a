using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Databases do not need the platform's own processes: those may die and come back while queries go on.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class SurvivingTests(SharedPlatform shared)
{
    [Fact]
    public async Task Given_every_unit_and_agent_is_killed_when_clients_query_then_the_engine_never_restarts_and_all_units_come_back()
    {
        var platform = await shared.RunningAsync();
        const string name = "e2e-surviving";
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();
        using var psql = new Psql(await Credentials.FetchAsync(platform, name));
        var started = await psql.QueryAsync("select pg_postmaster_start_time()");

        foreach (
            var unit in (string[])
                ["control", "host-local-a", "kms-local-a", "metadata", "supervisor"]
        )
        {
            var killed = platform.ProcessOf(unit);
            ProcessTable.Kill(killed);
            Assert.Equal("1", await psql.QueryAsync("select 1"));
            await Eventually.HoldsAsync(
                () =>
                {
                    var now = platform.ProcessOf(unit);
                    return Task.FromResult(now != killed && ProcessTable.IsAlive(now));
                },
                TimeSpan.FromSeconds(30),
                $"{unit} is started again"
            );
        }

        var agents = VictimProcesses.Find(Victim.Agent, platform, null!);
        Assert.NotEmpty(agents);
        foreach (var agent in agents)
        {
            ProcessTable.Kill(agent);
        }

        // Judged when they are back: an agent that starts could take its engine for one that has to be started.
        await Eventually.BecomesAsync(
            () =>
                Task.FromResult(
                    VictimProcesses.Find(Victim.Agent, platform, null!).Except(agents).Count()
                ),
            fresh => fresh >= agents.Count,
            TimeSpan.FromSeconds(30),
            "every agent is started again"
        );
        Assert.Equal(started, await psql.QueryAsync("select pg_postmaster_start_time()"));
        await Eventually.HoldsAsync(
            async () =>
            {
                using var rest = platform.Rest();
                return (await rest.SendAsync(HttpMethod.Get, "/readyz")).Status
                    == System.Net.HttpStatusCode.OK;
            },
            TimeSpan.FromSeconds(120),
            "the control service answers again"
        );
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
        await platform.NoOrphansAsync();
    }
}
