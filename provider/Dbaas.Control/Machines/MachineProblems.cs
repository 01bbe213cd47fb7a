using Dbaas.Control.Problems;

namespace Dbaas.Control.Machines;

/// <summary>
/// Why an operation failed on a host: codes that drivers and the host daemon give. They arrive in the error of an operation, with 503 where
/// a repetition may help and 500 otherwise.
/// </summary>
internal static class MachineProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "agent.bad_answer",
            503,
            "Answer of an agent unreadable",
            "See that agent and control are of the same version; the operation tries again."
        ),
        new(
            "agent.bad_request",
            500,
            "Request to an agent unreadable",
            "See that agent and control are of the same version."
        ),
        new(
            "agent.invalid_path",
            500,
            "Unknown request to an agent",
            "Report the operation to the operator: control and host differ in version."
        ),
        new(
            "agent.refused",
            500,
            "The agent refused",
            "See the detail and the log of the machine."
        ),
        new(
            "agent.unreachable",
            503,
            "Agent unreachable",
            "Nothing: the operation tries again. If it lasts, see whether the machine runs."
        ),
        new(
            "endpoint.address_taken",
            500,
            "Endpoint address in use",
            "Give the host a range of endpoint addresses of its own."
        ),
        new(
            "gateway.invalid",
            500,
            "Endpoint refused by the gateway",
            "Report the operation to the operator; the detail names what is wrong."
        ),
        new(
            "gateway.refused",
            503,
            "Gateway refused",
            "See the log of the host; the operation tries again."
        ),
        new(
            "gateway.start_failed",
            503,
            "Gateway did not start",
            "See the log of the host for what HAProxy said."
        ),
        new(
            "host.agent_missing",
            500,
            "Agent program missing",
            "Run the deployment of the host again: bin/agent is not there."
        ),
        new("host.cancelled", 503, "Call cancelled", "Nothing: the operation tries again."),
        new("host.failed", 500, "Host failed", "See the log of the host under the request's id."),
        new(
            "host.invalid_id",
            500,
            "Invalid id",
            "Report the operation to the operator: control and host differ in version."
        ),
        new(
            "host.owner_missing",
            500,
            "Owner missing",
            "Report the operation to the operator: control and host differ in version."
        ),
        new(
            "host.refused",
            500,
            "Host refused the call",
            "See the detail; the certificate of control or host may have expired."
        ),
        new(
            "host.uids_exhausted",
            500,
            "No uid left",
            "Give the installation another range of uids, or another host."
        ),
        new(
            "host.unknown",
            500,
            "Unknown host",
            "Enrol the host again, or delete what stood on it."
        ),
        new(
            "image.build_failed",
            500,
            "Image cannot be built",
            "See the last lines of the build in the detail."
        ),
        new(
            "image.mirror_unreachable",
            503,
            "Package mirror unreachable",
            "See that the host reaches its Debian mirror; the operation tries again."
        ),
        new("image.no_answer", 503, "Image not named", "Nothing: the operation tries again."),
        new("image.not_found", 500, "No such image", "Nothing: the next create builds it."),
        new(
            "image.package_missing",
            500,
            "Package missing",
            "Offer the package named in the detail on the host's mirror."
        ),
        new(
            "image.recipe_invalid",
            500,
            "Recipe unreadable",
            "Run the deployment of the host again."
        ),
        new(
            "image.recipe_unknown",
            500,
            "No recipe",
            "Use an engine version the host has a recipe for."
        ),
        new(
            "image.tool_missing",
            500,
            "Build tool missing",
            "Install the tool named in the detail on the host."
        ),
        new(
            "key.unavailable",
            503,
            "Key service unreachable from the host",
            "See that the region's key service runs; the operation tries again."
        ),
        new(
            "key.wrong",
            500,
            "Not the volume's key",
            "Do not force it: the key is of another volume. Report the operation to the operator."
        ),
        new(
            "key.wrong_size",
            500,
            "Data key of a wrong size",
            "Report the operation to the operator."
        ),
        new(
            "machine.container_refused",
            500,
            "Container did not start",
            "See the log of the host for what the runtime said."
        ),
        new(
            "machine.destroyed",
            500,
            "Machine was destroyed",
            "Nothing can bring it back; make a new instance."
        ),
        new(
            "machine.invalid_size",
            500,
            "Invalid machine size",
            "Report the operation to the operator."
        ),
        new(
            "machine.memory_in_use",
            503,
            "Memory in use",
            "Choose a larger size, or stop the instance before it becomes smaller."
        ),
        new(
            "machine.no_driver",
            500,
            "Region without driver",
            "Use one of the drivers this build has for the region."
        ),
        new(
            "machine.not_found",
            500,
            "No such machine",
            "See whether the host was set up anew; delete the instance otherwise."
        ),
        new(
            "machine.running",
            500,
            "Machine runs",
            "Nothing: the operation stops the machine before it gets another image."
        ),
        new(
            MachineDriverException.StaleEpoch,
            500,
            "Overtaken by a later change",
            "Nothing: a newer operation has changed the same thing."
        ),
        new(
            "machine.stopped",
            503,
            "Machine stopped while the engine started",
            "See the log lines; the operation tries again."
        ),
        new("machine.volume_closed", 500, "Volume not open", "Nothing: the reconciler opens it."),
        new(
            "network.addresses_exhausted",
            500,
            "Network of the tenant is full",
            "Delete what is not needed, or use another region."
        ),
        new(
            "network.subnets_exhausted",
            500,
            "No network left",
            "Give the host a larger machine range."
        ),
        new(
            "simulated.fault",
            503,
            "Fault asked for",
            "Nothing: the simulated driver was told to fail."
        ),
        new(
            "store.invalid_name",
            500,
            "Invalid name in the store",
            "Report the operation to the operator."
        ),
        new("store.refused", 500, "Store refused", "See the log of the host for what etcd said."),
        new(
            "store.start_failed",
            503,
            "Store did not start",
            "See the log of the host; the operation tries again."
        ),
        new(
            "store.unreachable",
            503,
            "Store unreachable",
            "Nothing: the operation tries again. If it lasts, see whether etcd of the region runs."
        ),
        new("volume.cannot_shrink", 500, "A volume only grows", "Use at least the size it has."),
        new(
            "volume.destroyed",
            500,
            "Volume was destroyed",
            "Nothing can bring it back; make a new instance."
        ),
        new(
            "volume.grow_needs_close",
            500,
            "Volume must be closed to grow",
            "Nothing: the operation stops the machine first."
        ),
        new("volume.in_use", 503, "Volume in use", "Nothing: the operation tries again."),
        new(
            "volume.key_missing",
            500,
            "Volume without key",
            "Report the operation to the operator."
        ),
        new(
            "volume.not_found",
            500,
            "No such volume",
            "See whether the host was set up anew; the data is where the host was."
        ),
        new("volume.not_open", 500, "Volume not open", "Nothing: the reconciler opens it."),
        new("volume.shrink", 500, "A volume only grows", "Use at least the size it has."),
        new(
            "volume.too_small",
            500,
            "Volume too small",
            "Use at least the size named in the detail."
        ),
    ];
}
