using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Hosts;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Hosts.Images;

/// <summary>The images on the hosts, and fresh ones on demand.</summary>
internal sealed class HostImages(
    IPlatformTransactions platform,
    EngineCatalogue engines,
    MachineDrivers drivers,
    OperationStore operations,
    IOperationDispatcher dispatcher
)
{
    /// <summary>Newest first within a host; hosts that do not answer are missing.</summary>
    public async Task<IReadOnlyList<ImageView>> ListAsync(CancellationToken cancellationToken)
    {
        var views = new List<ImageView>();
        foreach (var host in await HostsAsync(drivers.Regions, cancellationToken))
        {
            var images = await drivers
                .For(host.Region)
                .ListImagesAsync(host.HostId, cancellationToken);
            views.AddRange(
                images.Select(image => new ImageView(
                    host.Region,
                    host.HostId,
                    image.ImageId,
                    image.Engine,
                    image.Version,
                    image.EngineVersion,
                    image.BuiltAt,
                    image.Newest
                ))
            );
        }

        return views;
    }

    public async Task<Outcome<OperationId>> RefreshAsync(
        Caller caller,
        RefreshImageRequest request,
        CancellationToken cancellationToken
    )
    {
        if (engines.Find(request.Engine) is not { } engine)
        {
            return new Problem(
                InstanceProblems.Engine,
                422,
                "There is no such engine.",
                "/engine",
                string.Join(", ", engines.All.Select(known => known.Name))
            );
        }

        if (engine.Versions.All(version => version.Major != request.Version))
        {
            return new Problem(
                InstanceProblems.Version,
                422,
                $"{engine.DisplayName} has no such version here.",
                "/version",
                string.Join(", ", engine.Versions.Select(version => version.Major))
            );
        }

        if (request.Region is { } region && !drivers.Regions.Contains(region))
        {
            return new Problem(
                InstanceProblems.Region,
                422,
                "There is no such region.",
                "/region",
                string.Join(", ", drivers.Regions)
            );
        }

        var resource = $"image/{request.Engine}/{request.Version}";
        var hosts = await HostsAsync(
            request.Region is { } one ? [one] : drivers.Regions,
            cancellationToken
        );
        OperationId operation;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            operation = await operations.EnqueueAsync(
                transaction,
                new OperationRequest(
                    caller.Tenant,
                    RefreshImage.Name,
                    resource,
                    $"{request.Engine} {request.Version}",
                    new JsonObject
                    {
                        ["engine"] = request.Engine,
                        ["version"] = request.Version,
                        ["region"] = request.Region,
                    },
                    JsonSerializer.SerializeToNode(
                        new ImageRefresh
                        {
                            Engine = request.Engine,
                            Version = request.Version,
                            Hosts = hosts,
                        },
                        ImageRefreshJson.Default.ImageRefresh
                    )!
                )
                {
                    RequestedBy = caller.Name,
                    PrincipalId = caller.Principal,
                    ClientKind = caller.ClientKind,
                    RequestId = caller.RequestId,
                },
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
        }

        await dispatcher.DispatchAsync(caller.Tenant, resource, cancellationToken);
        return operation;
    }

    private async Task<List<ImageRefreshHost>> HostsAsync(
        IEnumerable<string> regions,
        CancellationToken cancellationToken
    )
    {
        List<ImageRefreshHost> hosts = [];
        foreach (var region in regions)
        {
            hosts.AddRange(
                (await drivers.For(region).DescribeAsync(region, cancellationToken)).Select(
                    facts => new ImageRefreshHost(region, facts.HostId)
                )
            );
        }

        return hosts;
    }
}
