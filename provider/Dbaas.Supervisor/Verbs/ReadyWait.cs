using Dbaas.Supervisor.Control;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>Waits for units and hosts and says what it waits for; on failure shows the last lines of the log concerned.</summary>
internal sealed class ReadyWait(VerbContext context, Installation installation) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly ControlProbe probe = new(context.Paths, installation);

    public async Task ForUnitsAsync(IReadOnlyList<Unit> units, CancellationToken cancellationToken)
    {
        using var readiness = new Readiness(() => new ControlProbe(context.Paths, installation));
        foreach (var unit in units)
        {
            await UntilAsync(
                unit.Name,
                async () =>
                    context.Records.Alive(unit.Name)?.Fingerprint == unit.Fingerprint
                    && await readiness.IsReadyAsync(unit, cancellationToken),
                cancellationToken
            );
        }
    }

    public async Task ForHostsAsync(Profile profile, CancellationToken cancellationToken)
    {
        foreach (var region in installation.Regions)
        {
            await UntilAsync(
                $"host-{region.Name}",
                async () =>
                    (await probe.OnlineRegionsAsync(profile, cancellationToken)).Contains(
                        region.Name
                    ),
                cancellationToken
            );
        }
    }

    public void Dispose() => probe.Dispose();

    private async Task UntilAsync(
        string unit,
        Func<Task<bool>> isReady,
        CancellationToken cancellationToken
    )
    {
        var began = context.Time.GetTimestamp();
        var said = false;
        while (!await isReady())
        {
            var waited = context.Time.GetElapsedTime(began);
            if (waited > Deadline)
            {
                throw new SupervisorException(
                    $"{unit} did not answer within {Deadline.TotalSeconds:0} s. The end of {context.Paths.UnitLog(unit)}:\n{Tail(unit)}"
                );
            }

            if (!said && waited > TimeSpan.FromSeconds(1))
            {
                context.Say($"waiting for {unit} ...");
                said = true;
            }

            await Task.Delay(Interval, context.Time, cancellationToken);
        }
    }

    private string Tail(string unit)
    {
        var log = context.Paths.UnitLog(unit);
        return File.Exists(log)
            ? string.Join('\n', File.ReadLines(log).TakeLast(12))
            : "(there is no log)";
    }
}
