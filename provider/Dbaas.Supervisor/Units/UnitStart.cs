using System.Diagnostics;
using System.Globalization;
using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Units;

/// <summary>
/// Starts programs that outlive the supervisor: a session of their own, output straight into the log file (a pipe would break when
/// the supervisor dies), an environment without anything of the caller's.
/// </summary>
internal sealed class UnitStart(InstallationPaths paths)
{
    /// <returns>The process; it is already the program itself, every step on the way was an exec.</returns>
    public ProcessRecord Start(Unit unit)
    {
        List<string> line = ["setsid"];
        if (unit.Uid is { } uid)
        {
            var id = uid.ToString(CultureInfo.InvariantCulture);
            line.AddRange([
                "setpriv",
                "--reuid",
                id,
                "--regid",
                id,
                "--clear-groups",
                "--no-new-privs",
            ]);
        }

        return Start(
            paths.UnitLog(unit.Name),
            [.. line, unit.Program, .. unit.Arguments],
            Path.GetDirectoryName(unit.Program)!,
            unit.Fingerprint
        );
    }

    /// <summary>
    /// Starts the supervisor itself behind a loop that starts it again when it is killed. An orderly end (status 0) ends the loop.
    /// </summary>
    public void StartSupervisor(string program) =>
        Start(
            paths.UnitLog("supervisor"),
            [
                "setsid",
                "/bin/sh",
                "-c",
                """until "$0" run --root "$1"; do sleep 1; done""",
                program,
                paths.Root,
            ],
            Path.GetDirectoryName(program)!,
            ""
        );

    private static ProcessRecord Start(
        string log,
        IReadOnlyList<string> line,
        string folder,
        string fingerprint
    )
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            // No core files, of units and of what they start: they would hold keys and passwords.
            ["-c", """ulimit -c 0; exec "$@" >>"$0" 2>&1 </dev/null""", log, .. line]
        )
        {
            // ASP.NET watches the folder it is started in, with all below it; from / that takes seconds and every inotify watch.
            WorkingDirectory = folder,
        };
        CleanEnvironment.Apply(start);
        start.Environment[LiveProcess.FingerprintVariable] = fingerprint;
        using var process = Process.Start(start)!;
        // Gone already: the record is dead from the start, and the keeper sees that.
        return new(
            process.Id,
            LiveProcess.StartTicks(process.Id) ?? -1,
            LiveProcess.BootId,
            fingerprint
        );
    }
}
