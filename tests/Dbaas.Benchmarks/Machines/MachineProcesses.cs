using System.Globalization;
using Dbaas.Benchmarks.Scale;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Machines;

/// <summary>What the processes of one machine use, those of its engine apart from all others (agent, cluster manager, reaper).</summary>
/// <param name="EngineSeconds">Processor time of the engine's processes since they began.</param>
/// <param name="EngineMib">Their memory, shared pages counted once (PSS).</param>
/// <param name="OtherSeconds">The same of the others.</param>
/// <param name="OtherMib">The same of the others.</param>
internal sealed record MachineProcesses(
    double EngineSeconds,
    double EngineMib,
    double OtherSeconds,
    double OtherMib
)
{
    private static readonly string[] s_engines = ["postgres", "mysqld"];

    /// <param name="machine">The machine's id, which is in the name of its control group.</param>
    public static MachineProcesses Read(string machine)
    {
        var sum = new MachineProcesses(0, 0, 0, 0);
        foreach (
            var pid in ProcessTable.Where(pid =>
                ProcessTable.Cgroups(pid).Contains(machine, StringComparison.Ordinal)
            )
        )
        {
            if (ProcessMeter.Read(pid) is not { } meter)
            {
                continue;
            }

            var memory = ProportionalMib(pid);
            sum = s_engines.Contains(Path.GetFileName(ProcessTable.Program(pid)))
                ? sum with
                {
                    EngineSeconds = sum.EngineSeconds + meter.ProcessorSeconds,
                    EngineMib = sum.EngineMib + memory,
                }
                : sum with
                {
                    OtherSeconds = sum.OtherSeconds + meter.ProcessorSeconds,
                    OtherMib = sum.OtherMib + memory,
                };
        }

        return sum;
    }

    private static double ProportionalMib(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup")
                .First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return double.Parse(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture
                ) / 1024;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return 0; // it has ended
        }
    }
}
