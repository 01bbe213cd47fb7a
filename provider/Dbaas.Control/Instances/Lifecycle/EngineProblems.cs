using Dbaas.Control.Problems;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Why an operation failed in an engine: codes that agents give. They arrive in the error of an operation, with the engine's lines.</summary>
internal static class EngineProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "agent.stale_generation",
            500,
            "Overtaken by a later change",
            "Nothing: a newer operation has changed the same database."
        ),
        new("database.name", 500, "Database name refused by the engine", "Use another name."),
        new(
            "engine.address_in_use",
            500,
            "Address of the engine in use",
            "Report the operation to the operator; something else listens in the machine."
        ),
        new(
            "engine.address_unavailable",
            500,
            "Address of the engine missing",
            "Report the operation to the operator; the machine has lost its network."
        ),
        new(
            "engine.certificate_refused",
            500,
            "Certificate refused by the engine",
            "Repeat the operation; certificates are issued anew."
        ),
        new(
            "engine.data_damaged",
            500,
            "Data damaged",
            "Do not repeat: keep the volume for analysis, and load a dump of your own into a new instance."
        ),
        new(
            "engine.disk_full",
            500,
            "Volume full",
            "Grow storageGib; the database is read-only until then."
        ),
        new(
            "engine.failed",
            500,
            "The engine refused",
            "See the detail and the engine's own lines in logLines."
        ),
        new(
            "engine.group_failed",
            500,
            "Group replication did not start",
            "See the detail and the engine's own lines in logLines."
        ),
        new(
            AgentFailures.Interrupted,
            503,
            "Engine interrupted",
            "The engine ended in the middle of the change and comes back by itself, and the change is tried again. Repeat it if that took too long."
        ),
        new(
            "engine.not_running",
            500,
            "Engine does not run",
            "Start the instance, or wait for the operation that does."
        ),
        new(
            "engine.out_of_memory",
            500,
            "Not enough memory",
            "Choose more memoryGib, or smaller values of the parameters named."
        ),
        new(
            "engine.read_only",
            500,
            "Engine is read-only",
            "See the reason in the detail; grow storageGib when the volume is full."
        ),
        new(
            "engine.reload_timeout",
            500,
            "Settings did not take effect in time",
            "Repeat the change."
        ),
        new(
            "engine.setting_refused",
            500,
            "Setting refused by the engine",
            "Correct the parameter named in the detail."
        ),
        new(
            "engine.settings_rolled_back",
            500,
            "Settings taken back",
            "Correct the parameter named in the detail; the engine runs with the settings before."
        ),
        new(
            "engine.start_failed",
            500,
            "Engine did not start",
            "See the engine's own lines in logLines."
        ),
        new(
            "engine.start_timeout",
            500,
            "Engine did not start in time",
            "See the engine's own lines in logLines; recovery of a large database takes long."
        ),
    ];
}
