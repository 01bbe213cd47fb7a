using System.Diagnostics;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>What all crashes of the control service inside an operation have in common.</summary>
internal static class Crash
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>Waits for the crash and for the operation to be taken up again.</summary>
    /// <returns>Time from the restarted service's readiness until the operation has gone beyond the step.</returns>
    public static async Task<TimeSpan> GoesOnAsync(
        Scene scene,
        int armed,
        string operation,
        string step
    )
    {
        await Eventually.HoldsAsync(
            () => Task.FromResult(!ProcessTable.IsAlive(armed)),
            Deadline,
            $"the control service dies after {step}"
        );
        await scene.Units.FollowerAsync("control", armed);
        await scene.Units.ControlIsReadyAsync();
        var watch = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            async () =>
            {
                var seen = await scene.Instances.ReadAsync($"/v1/operations/{operation}");
                return (string)seen["state"]! is not ("queued" or "running")
                    || seen["steps"]!
                        .AsArray()
                        .SkipWhile(one => (string)one!["name"]! != step)
                        .Skip(1)
                        .Any(one => (string)one!["state"]! != "waiting");
            },
            Deadline,
            $"the operation goes on after {step}"
        );
        return watch.Elapsed;
    }
}
