using System.Diagnostics;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>
/// The control service's clock jumps two days ahead, and then ten minutes behind the true time. Only this process sees it (libfaketime);
/// the machine's clock is nobody's to touch.
/// </summary>
internal sealed class ClockJump : Fault
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private readonly List<Measure> measures = [];
    private string program = "";

    public override string Name => "clock of the control service jumps";
    public override int Row => 31;
    public override string PassLine => "no outage; operations go on at either time";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);
    public override IReadOnlyList<Evidence> Evidence =>
        [new("log/control.log", "clock was set back")];

    public override async Task InjectAsync(Scene scene)
    {
        program = Path.Combine(scene.Platform.Root, "bin/current/control/Dbaas.Control");
        await LiveAtAsync(scene, "+2d", "two days ahead");
        await LiveAtAsync(scene, "-10m", "ten minutes behind");
    }

    public override Task HealAsync(Scene scene) => LiveAtAsync(scene, "", "at the true time again");

    public override Task<IReadOnlyList<Measure>> ProveAsync(Scene scene) =>
        Task.FromResult<IReadOnlyList<Measure>>(measures);

    public override async Task EndAsync(Scene scene)
    {
        if (Unwrap())
        {
            var died = scene.Units.Kill("control");
            await scene.Units.CalmAsync();
            await scene.Units.FollowerAsync("control", died);
            await scene.Units.ControlIsReadyAsync();
        }
    }

    /// <summary>Restarts the service with its clock moved, and insists that it changes a database then.</summary>
    private async Task LiveAtAsync(Scene scene, string offset, string words)
    {
        Unwrap();
        if (offset.Length > 0)
        {
            Wrap(offset);
        }

        var died = scene.Units.Kill("control");
        await scene.Units.CalmAsync();
        await scene.Units.FollowerAsync("control", died);
        var watch = Stopwatch.StartNew();
        await scene.Units.ControlIsReadyAsync();
        var (operation, _) = await scene.BeginChangeAsync();
        await scene.Instances.SucceedsAsync(operation);
        measures.Add(Measure.Of($"changed again, {words}", watch.Elapsed, 30));
    }

    /// <summary>The program's host finds its library by its folder, so it may have another name.</summary>
    private void Wrap(string offset)
    {
        var script = $"""
            #!/bin/sh
            export LD_PRELOAD={Library} FAKETIME={offset} FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1
            exec "{program}.real" "$@"

            """;
        File.Move(program, program + ".real");
        File.WriteAllText(program, script);
        File.SetUnixFileMode(program, File.GetUnixFileMode(program + ".real"));
    }

    private bool Unwrap()
    {
        if (program.Length == 0 || !File.Exists(program + ".real"))
        {
            return false;
        }

        File.Move(program + ".real", program, overwrite: true);
        return true;
    }
}
