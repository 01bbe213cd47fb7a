using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Promise 3: an apply goes on after a kill of the platform's own processes; exactly one database exists, or none after a destroy.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class InterruptedApplyTests(SharedPlatform shared)
{
    private static readonly Victim[] Victims = [Victim.ControlService, Victim.Host, Victim.Agent];

    public static TheoryData<Victim, string> CreateFaults { get; } =
        FaultMatrix.Of(Victims, FaultMatrix.CreateSteps, sample: 3);

    [Theory]
    [MemberData(nameof(CreateFaults))]
    public async Task Given_a_kill_during_create_when_terraform_applies_again_then_exactly_one_database_exists(
        Victim victim,
        string step
    )
    {
        var platform = await shared.RunningAsync();
        await new InterruptedApply(platform).CreateAsync(victim, step);
        await platform.NoOrphansAsync();
    }

    public static TheoryData<Victim, string> DeleteFaults { get; } =
        FaultMatrix.Of(Victims, FaultMatrix.DeleteSteps, sample: 2);

    [Theory]
    [MemberData(nameof(DeleteFaults))]
    public async Task Given_a_kill_during_destroy_when_terraform_destroys_again_then_nothing_is_left(
        Victim victim,
        string step
    )
    {
        var platform = await shared.RunningAsync();
        await new InterruptedApply(platform).DestroyAsync(victim, step);
        await platform.NoOrphansAsync();
    }
}
