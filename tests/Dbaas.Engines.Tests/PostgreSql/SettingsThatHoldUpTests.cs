using Dbaas.Engines.Tests.Machines;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>Settings that keep everybody from his work: the agent still does its own, and says what it finds.</summary>
[Trait("Needs", "engine")]
public sealed class SettingsThatHoldUpTests(MachineFixture fixture)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Given_settings_that_hold_up_everybody_when_the_member_is_changed_and_restarted_then_it_is_not_held_up_and_tells_what_they_do()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);

        var postmaster = machine.PostmasterPid();
        await Eventually.BecomesAsync(
            async () =>
            {
                // The guard's first look that finds the member serving takes it away, so it may need a second time.
                File.AppendAllText(
                    $"{machine.Data}/conf/dbaas.conf",
                    "default_transaction_read_only = 'on'\n"
                );
                await TestMachine.SignalAsync(postmaster, "HUP");
                return await machine.HealthAsync();
            },
            health => !health.Writable,
            s_deadline
        );

        var limited = spec with
        {
            Generation = 2,
            Settings = MachineFixture.Settings(new() { ["statement_timeout"] = "1ms" }),
            Databases = ["later"],
        };
        var applied = await machine.ApplyAsync(limited);
        Assert.True(applied.Succeeded, applied.Message);
        Assert.True(applied.Health.Writable);
        var restarted = await machine.RestartAsync();
        Assert.True(restarted.Succeeded, restarted.Message);
        Assert.True(restarted.Health.Writable);
    }
}
