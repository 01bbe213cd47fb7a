using Dbaas.EndToEnd.Tests.Faults.Injections;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>A provider that dies in the middle of a read takes nothing with it: what is known is in the state, and the state is whole.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class KilledReadTests(SharedPlatform shared)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("plan")]
    [InlineData("refresh")]
    public async Task Given_a_provider_killed_in_a_read_when_run_again_then_the_state_is_as_it_was_and_the_plan_is_empty(
        string command
    )
    {
        var platform = await shared.RunningAsync();
        using var rest = platform.Rest();
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (
                new InstanceConfiguration($"e2e-killed-{command}") { DeletionProtection = false }
            ).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();
        var state = await File.ReadAllTextAsync(
            terraform.StateFile,
            TestContext.Current.CancellationToken
        );

        var port = new Uri(platform.Endpoint).Port;
        var control = platform.ProcessOf("control");
        // A service that stands still keeps the read open for as long as it takes to strike.
        await Units.SignalAsync(control, "STOP");
        try
        {
            using var interrupted = terraform.Start(command, "-no-color", "-input=false");
            var provider = 0;
            await Eventually.HoldsAsync(
                () =>
                {
                    provider = VictimProcesses
                        .Find(Victim.Provider, platform, interrupted)
                        .FirstOrDefault(pid => Listener.IsConnectedTo(pid, port));
                    return Task.FromResult(provider != 0);
                },
                Deadline,
                "the provider reads"
            );
            ProcessTable.Kill(provider);
            var result = await interrupted.EndAsync(Deadline);
            Assert.NotEqual(0, result.ExitCode);
        }
        finally
        {
            await Units.SignalAsync(control, "CONT");
        }

        Assert.Equal(
            state,
            await File.ReadAllTextAsync(terraform.StateFile, TestContext.Current.CancellationToken)
        );
        await terraform.PlanIsEmptyAsync();
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
        await platform.NoOrphansAsync();
    }
}
