using System.Collections.Concurrent;
using Dbaas.Control.Metadata;
using Dbaas.Protocol.Host;
using Npgsql;

namespace Dbaas.Control.Capacity;

/// <summary>
/// Which hosts share a kernel. Two regions of one machine are two hosts that each report the whole machine's memory; counted apart, they
/// would promise it twice. The id changes with each boot, so it is written down with the host's facts whenever it differs.
/// </summary>
internal sealed class HostBoxes(IPlatformTransactions platform)
{
    private readonly ConcurrentDictionary<string, string> _known = [];

    public async Task RememberAsync(
        IReadOnlyList<HostFacts> hosts,
        CancellationToken cancellationToken
    )
    {
        foreach (var host in hosts)
        {
            if (host.BoxId.Length == 0 || _known.GetValueOrDefault(host.HostId) == host.BoxId)
            {
                continue;
            }

            await using var transaction = await platform.BeginAsync(cancellationToken);
            // Those that were on the box with this one were booted with it, whether or not they answer yet.
            await using var command = transaction.Command(
                """
                UPDATE host SET facts = facts || jsonb_build_object('boxId', $2::text)
                WHERE facts ->> 'boxId' IS DISTINCT FROM $2
                  AND (host_id = $1 OR facts ->> 'boxId' = (SELECT facts ->> 'boxId' FROM host WHERE host_id = $1))
                """,
                new NpgsqlParameter { Value = host.HostId },
                new NpgsqlParameter { Value = host.BoxId }
            );
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            _known[host.HostId] = host.BoxId;
        }
    }
}
