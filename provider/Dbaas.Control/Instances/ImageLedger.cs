using Dbaas.Control.Capacity;
using Dbaas.Control.Machines;

namespace Dbaas.Control.Instances;

/// <summary>Which minors there are images of. A host that does not answer has none.</summary>
internal sealed class ImageLedger(MachineDrivers drivers)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The version that each host would start a new machine with; empty when it would have to build an image first.</summary>
    /// <returns>Host id → version.</returns>
    public async Task<IReadOnlyDictionary<string, string>> NewestAsync(
        string region,
        IReadOnlyList<HostSize> hosts,
        string engine,
        string major,
        CancellationToken cancellationToken
    )
    {
        var versions = await Task.WhenAll(
            hosts.Select(host => NewestAsync(region, host.HostId, engine, major, cancellationToken))
        );
        return hosts.Zip(versions).ToDictionary(pair => pair.First.HostId, pair => pair.Second);
    }

    private async Task<string> NewestAsync(
        string region,
        string hostId,
        string engine,
        string major,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(s_patience);
            return (await drivers.For(region).ListImagesAsync(hostId, deadline.Token))
                    .FirstOrDefault(image =>
                        image.Newest && image.Engine == engine && image.Version == major
                    )
                    ?.EngineVersion
                ?? "";
        }
        catch (Exception exception)
            when (exception is MachineDriverException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return "";
        }
    }
}
