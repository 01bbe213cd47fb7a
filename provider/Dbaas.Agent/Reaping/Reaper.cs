using System.Collections;
using System.Runtime.InteropServices;
using Dbaas.Common;
using Dbaas.Engines.Processes;

namespace Dbaas.Agent.Reaping;

/// <summary>
/// PID 1 of a machine. It starts the agent and starts it again when it ends; it reaps whatever is orphaned, most of all a server
/// whose agent was killed, which keeps running; on SIGTERM it lets the agent stop the engine in order. It knows nothing else, so it
/// never needs to be replaced while the machine lives. The program is started by its path each time: a replaced file takes effect
/// with the next start.
/// </summary>
internal static class Reaper
{
    /// <summary>How long an orderly stop may take before PID 1 leaves and the kernel ends the rest. Hosts allow a little more.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(120);

    private static volatile int s_agent;
    private static volatile bool s_stopping;

    public static int Run(string program)
    {
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        // An agent that cannot even start must not take all of the machine's CPU.
        var backOff = new RestartBackOff(
            TimeSpan.FromMilliseconds(50),
            TimeSpan.FromSeconds(5),
            TimeSpan.FromSeconds(10)
        );
        while (true)
        {
            var started = TimeProvider.System.GetTimestamp();
            s_agent = Start(program);
            if (s_stopping)
            {
                _ = Libc.Kill(s_agent, Libc.SigTerm);
            }

            ReapUntilEnded(s_agent);
            s_agent = 0;
            if (s_stopping)
            {
                return 0;
            }

            Console.Error.WriteLine(
                "The agent ended and is started again; the engine keeps serving."
            );
            Pause(backOff.AfterDeath(TimeProvider.System.GetElapsedTime(started)));
            if (s_stopping)
            {
                return 0;
            }
        }
    }

    private static int Start(string program)
    {
        var environment = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        // The collector would size its first generation by the CPU's cache and touch that much of the tenant's memory before it
        // collects once. Hexadecimal bytes; only the environment can set it.
        environment["DOTNET_GCgen0size"] = "200000";
        return new ProcessStart
        {
            Program = program,
            Arguments = ["serve"],
            Environment = environment,
        }.Start();
    }

    private static void ReapUntilEnded(int agent)
    {
        while (true)
        {
            // Any child: orphans become children of PID 1, and an unreaped one would stay a zombie for the machine's life.
            var ended = Libc.WaitPid(-1, out _, 0);
            if (ended == agent || (ended < 0 && Marshal.GetLastPInvokeError() == NoChild))
            {
                return;
            }
        }
    }

    private const int NoChild = 10;

    private static void Pause(TimeSpan pause)
    {
        var nothing = new Libc.PollDescriptor { Descriptor = -1 };
        _ = Libc.Poll(ref nothing, 0, (int)pause.TotalMilliseconds);
    }

    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (s_stopping)
        {
            return;
        }

        s_stopping = true;
        if (s_agent is var agent and > 0)
        {
            _ = Libc.Kill(agent, Libc.SigTerm);
        }

        new Thread(
            () =>
            {
                Pause(StopLimit);
                Environment.Exit(1);
            },
            128 * 1024
        )
        {
            IsBackground = true,
        }.Start();
    }
}
