using Dbaas.Host.Containers;
using Dbaas.Host.Machines;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Sweeping;

/// <summary>
/// Stops a region in order for <c>make down</c>: engines first, so that each ends with a checkpoint instead of a recovery; then their
/// volumes; then what they lean on. Goes by the region's files alone, because the daemon and the control service are stopped already.
/// Epochs stay as they are: stopping the box is nobody's decision about an instance.
/// </summary>
internal sealed partial class RegionStop(
    IContainers containers,
    RuncMachines machines,
    EncryptedVolumes volumes,
    ILogger<RegionStop> logger
)
{
    /// <summary>Longest an engine may take to write its last checkpoint before its machine is ended.</summary>
    private const int GraceSeconds = 120;
    private static readonly TimeSpan PartGrace = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            machines.List().Select(machine => StopAsync(machine, cancellationToken))
        );
        foreach (var volume in volumes.List().Where(volumes.IsOpen))
        {
            volumes.Close(new() { VolumeId = volume.Id, Epoch = volume.Epoch });
        }

        // Store and gateway are left now, and machines no file knows.
        foreach (var container in await containers.ListAsync(cancellationToken))
        {
            await containers.StopAsync(container.Name, PartGrace, cancellationToken);
            await containers.DeleteAsync(container.Name, cancellationToken);
        }
    }

    private async Task StopAsync(MachineRecord machine, CancellationToken cancellationToken)
    {
        await machines.StopAsync(
            new StopMachineRequest
            {
                MachineId = machine.Id,
                Epoch = machine.Epoch,
                GraceSeconds = GraceSeconds,
            },
            cancellationToken
        );
        LogStopped(machine.Id);
    }

    [LoggerMessage(4411, LogLevel.Information, "Machine {Machine} stopped in order")]
    private partial void LogStopped(string machine);
}
