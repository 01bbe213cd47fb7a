using Dbaas.Control.Hosts;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Machines.Host;

/// <summary>The hosts that the metadata database knows.</summary>
internal sealed class EnrolledHosts(IPlatformTransactions platform) : IHostDirectory
{
    public async Task<string?> AddressAsync(string hostId, CancellationToken cancellationToken)
    {
        if (!TypedId.TryParse<HostId>(hostId, out var id))
        {
            return null;
        }

        await using var transaction = await platform.BeginAsync(cancellationToken);
        return await transaction
            .Db.Set<HostRow>()
            .Where(host => host.HostId == id)
            .Select(host => host.Address)
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<(string Id, string Address)>> InRegionAsync(
        string region,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        var hosts = await transaction
            .Db.Set<HostRow>()
            .Where(host => host.Region == region)
            .OrderBy(host => host.HostId)
            .Select(host => new { host.HostId, host.Address })
            .ToListAsync(cancellationToken);
        return [.. hosts.Select(host => (host.HostId.ToString(), host.Address))];
    }
}
