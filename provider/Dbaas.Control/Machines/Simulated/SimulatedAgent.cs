using System.Text.Json;
using Dbaas.Protocol.Agent;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.Control.Machines.Simulated;

/// <summary>Answers as an agent would, from the machine's row alone.</summary>
internal static class SimulatedAgent
{
    /// <summary>Changing one of these needs a restart, as shared memory does in a real engine.</summary>
    private static readonly string[] s_restartSettings =
    [
        "shared_buffers",
        "max_connections",
        "wal_level",
    ];

    public static (SimulatedMachine Next, AgentReply Reply) Answer(
        SimulatedMachine machine,
        AgentCall call
    ) =>
        call.Path switch
        {
            AgentPaths.Start
            or AgentPaths.Apply
            or AgentPaths.Restart when machine.Interruptions > 0 => Failed(
                machine with
                {
                    Interruptions = machine.Interruptions - 1,
                },
                AgentFailures.Interrupted,
                "The engine ended in the middle."
            ),
            AgentPaths.Health => (machine, Json(HealthOf(machine), AgentJson.Default.AgentHealth)),
            AgentPaths.Start => Start(machine, SpecOf(call)),
            AgentPaths.Apply => Apply(machine, SpecOf(call)),
            AgentPaths.Restart => Restart(machine),
            AgentPaths.Stop => Done(
                machine with
                {
                    Engine = machine.Engine == "absent" ? "absent" : "stopped",
                },
                outage: 0
            ),
            AgentPaths.Log => (
                machine,
                Json(new EngineLog { Lines = ["simulated engine"] }, AgentJson.Default.EngineLog)
            ),
            AgentPaths.Metrics => (
                machine,
                Json(
                    new EngineMetrics { Values = new Dictionary<string, double>() },
                    AgentJson.Default.EngineMetrics
                )
            ),
            _ => (machine, new AgentReply { Status = 404 }),
        };

    private static (SimulatedMachine, AgentReply) Start(SimulatedMachine machine, MemberSpec spec)
    {
        if (spec.Generation < machine.Generation)
        {
            return Refuse(machine);
        }

        if (machine.Engine == "running")
        {
            return Apply(machine, spec); // a start that is repeated converges
        }

        if (!Fits(machine, spec.Settings))
        {
            return Failed(machine with { Engine = "failed" }, "engine.start_failed", TooMany);
        }

        return Done(
            machine with
            {
                Engine = "running",
                Generation = spec.Generation,
                Settings = spec.Settings.ToDictionary(),
                StartedWith = spec.Settings.ToDictionary(),
                Databases = [.. machine.Databases, .. spec.Databases],
                PendingRestart = [],
            },
            outage: 0
        );
    }

    /// <summary>Settings that the engine cannot start with are put back, as the real agents do.</summary>
    private static (SimulatedMachine, AgentReply) Restart(SimulatedMachine machine) =>
        Fits(machine, machine.Settings)
            ? Done(
                machine with
                {
                    Engine = "running",
                    StartedWith = machine.Settings,
                    PendingRestart = [],
                },
                outage: 0.4
            )
            : Failed(
                machine with
                {
                    Engine = "running",
                    Settings = machine.StartedWith,
                    PendingRestart = [],
                },
                "engine.settings_rolled_back",
                TooMany
            );

    private const string TooMany = "The machine has no memory for so many connections.";

    /// <summary>The one way in which a simulated engine's settings can be wrong: a connection needs 3 MiB.</summary>
    private static bool Fits(
        SimulatedMachine machine,
        IReadOnlyDictionary<string, string> settings
    ) =>
        !long.TryParse(
            settings.GetValueOrDefault("max_connections"),
            System.Globalization.CultureInfo.InvariantCulture,
            out var connections
        )
        || connections * (3L << 20) <= machine.MemoryBytes;

    private static (SimulatedMachine, AgentReply) Apply(SimulatedMachine machine, MemberSpec spec)
    {
        if (spec.Generation < machine.Generation)
        {
            return Refuse(machine);
        }

        if (machine.Engine != "running")
        {
            return Failed(machine, "engine.not_running", "The engine does not run.");
        }

        return Done(
            machine with
            {
                Generation = spec.Generation,
                Settings = spec.Settings.ToDictionary(),
                Databases = [.. machine.Databases, .. spec.Databases],
                PendingRestart =
                [
                    .. s_restartSettings.Where(name =>
                        machine.StartedWith.GetValueOrDefault(name)
                        != spec.Settings.GetValueOrDefault(name)
                    ),
                ],
            },
            outage: 0
        );
    }

    private static (SimulatedMachine, AgentReply) Refuse(SimulatedMachine machine) =>
        Failed(
            machine,
            "agent.stale_generation",
            $"Generation {machine.Generation} is already applied."
        );

    private static (SimulatedMachine, AgentReply) Failed(
        SimulatedMachine machine,
        string code,
        string message
    ) =>
        (
            machine,
            Json(
                new ApplyResult
                {
                    Succeeded = false,
                    Health = HealthOf(machine),
                    Code = code,
                    Message = message,
                    LogLines = ["simulated engine: FATAL"],
                },
                AgentJson.Default.ApplyResult
            )
        );

    private static (SimulatedMachine, AgentReply) Done(SimulatedMachine machine, double outage) =>
        (
            machine,
            Json(
                new ApplyResult
                {
                    Succeeded = true,
                    Health = HealthOf(machine),
                    PendingRestart = machine.PendingRestart,
                    WriteOutageSeconds = outage,
                },
                AgentJson.Default.ApplyResult
            )
        );

    private static AgentHealth HealthOf(SimulatedMachine machine) =>
        new()
        {
            AgentVersion = "simulated",
            Engine = machine.Engine,
            Role = machine.Engine == "running" ? "primary" : "",
            ActualVersion =
                machine.Engine == "absent" ? "" : SimulatedImages.VersionOf(machine.ImageId),
            Writable = machine.Engine == "running",
            Generation = machine.Generation,
            PendingRestart = machine.PendingRestart,
            Managed = machine.Engine == "running",
        };

    private static MemberSpec SpecOf(AgentCall call) =>
        JsonSerializer.Deserialize(call.Body.Span, AgentJson.Default.MemberSpec)
        ?? throw new MachineDriverException(
            "agent.bad_request",
            "The member's specification is empty.",
            retryable: false
        );

    private static AgentReply Json<T>(
        T value,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type
    ) =>
        new()
        {
            Status = 200,
            Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(value, type)),
        };
}
