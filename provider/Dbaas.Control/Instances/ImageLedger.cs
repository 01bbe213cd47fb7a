using Dbaas.Client.Instances;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Machines;

namespace Dbaas.Control.Instances;

/// <summary>Which minors there are images of. A host that does not answer has none.</summary>
internal sealed class ImageLedger(EngineCatalogue engines, MachineDrivers drivers)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>For an instance that is to be created; empty when it names no minor, so that no host need be asked.</summary>
    public async Task<string> NewestAsync(
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        if (
            inputs.EngineVersion is not { } version
            || engines.Find(inputs.Engine ?? "") is not { } engine
            || engine.MajorOf(version) == version
        )
        {
            return "";
        }

        var region = inputs.Region ?? (drivers.Regions.Count > 0 ? drivers.Regions[0] : "");
        var newest = "";
        foreach (var host in await HostsAsync(region, cancellationToken))
        {
            newest = VersionFloor.Newer(
                newest,
                await NewestAsync(
                    region,
                    host,
                    engine.Name,
                    engine.MajorOf(version),
                    cancellationToken
                )
            );
        }

        return newest;
    }

    /// <summary>The version that the host would start a new machine with; empty when it would have to build an image first.</summary>
    public Task<string> NewestAsync(
        string region,
        string hostId,
        string engine,
        string major,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            async token =>
                (await drivers.For(region).ListImagesAsync(hostId, token))
                    .FirstOrDefault(image =>
                        image.Newest && image.Engine == engine && image.Version == major
                    )
                    ?.EngineVersion
                ?? "",
            "",
            cancellationToken
        );

    private Task<IReadOnlyList<string>> HostsAsync(
        string region,
        CancellationToken cancellationToken
    ) =>
        AskAsync<IReadOnlyList<string>>(
            async token =>
                [
                    .. (await drivers.For(region).DescribeAsync(region, token)).Select(host =>
                        host.HostId
                    ),
                ],
            [],
            cancellationToken
        );

    private static async Task<T> AskAsync<T>(
        Func<CancellationToken, Task<T>> ask,
        T otherwise,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(s_patience);
            return await ask(deadline.Token);
        }
        catch (Exception exception)
            when (exception is MachineDriverException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return otherwise;
        }
    }
}
