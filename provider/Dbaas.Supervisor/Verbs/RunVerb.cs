using System.Runtime.InteropServices;
using Dbaas.Supervisor.Control;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>The supervisor proper. It holds no state of its own: killed and started again it adopts what runs.</summary>
internal sealed class RunVerb(VerbContext context)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RotationInterval = TimeSpan.FromSeconds(30);
    private readonly InstallationPaths paths = context.Paths;
    private readonly Journal journal = new(Console.Out, context.Time);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(paths.Stopped))
        {
            return 0;
        }

        using var held = VerbContext.TryLock(paths.SupervisorLock);
        if (held is null)
        {
            journal.Write("another supervisor runs here, this one ends");
            return 0;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        );
        WriteRecord();
        var installation = InstallationFile.Read(paths);
        using var readiness = new Readiness(() => new ControlProbe(paths, installation));
        try
        {
            await KeepAsync(installation, readiness, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            journal.Write("the supervisor ends; the units go on");
        }

        return 0;
    }

    private async Task KeepAsync(
        Installation installation,
        Readiness readiness,
        CancellationToken cancellationToken
    )
    {
        var keepers = new Dictionary<string, UnitKeeper>(StringComparer.Ordinal);
        var tasks = new List<Task>();
        var seen = DateTime.MinValue;
        var rotation = new LogRotation(paths);
        var rotated = context.Time.GetTimestamp();
        var renewal = new CertificateRenewal(paths, context.Records, context.Time, journal);
        while (true)
        {
            // Writes the list of units anew, which is read below.
            renewal.Look(installation);
            var written = File.GetLastWriteTimeUtc(paths.UnitsFile);
            if (written != seen)
            {
                seen = written;
                foreach (var unit in context.Records.Units())
                {
                    if (keepers.TryGetValue(unit.Name, out var known))
                    {
                        known.Wanted = unit;
                        continue;
                    }

                    var keeper = new UnitKeeper(
                        unit,
                        context.Records,
                        new(paths),
                        readiness,
                        context.Time,
                        journal
                    );
                    keepers[unit.Name] = keeper;
                    tasks.Add(keeper.KeepAsync(name => IsReady(keepers, name), cancellationToken));
                }
            }

            // A keeper ends only by a fault nobody foresaw: end too, and be started again with a clean mind.
            if (tasks.Find(task => task.IsCompleted) is { } ended)
            {
                await ended;
            }

            if (context.Time.GetElapsedTime(rotated) > RotationInterval)
            {
                rotated = context.Time.GetTimestamp();
                rotation.Rotate();
            }

            await Task.Delay(Interval, context.Time, cancellationToken);
        }
    }

    private static bool IsReady(Dictionary<string, UnitKeeper> keepers, string name) =>
        keepers.TryGetValue(name, out var keeper) && keeper.IsReady;

    private void WriteRecord()
    {
        var pid = Environment.ProcessId;
        context.Records.WriteSupervisor(
            new(pid, LiveProcess.StartTicks(pid) ?? -1, LiveProcess.BootId, OwnHash())
        );
    }

    private static string OwnHash() =>
        Deployment.FolderHash.Of(AppContext.BaseDirectory.TrimEnd('/'));
}
