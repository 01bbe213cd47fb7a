using System.Net;
using Dbaas.Control.Ids;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Capacity;

/// <summary>
/// Adds up what is promised from the rows of machines and volumes; a host's own figures tell only its size. Call
/// <see cref="LockAsync"/> first when the answer decides about a write.
/// </summary>
internal sealed class CapacityLedger(
    MachineDrivers drivers,
    HostBoxes boxes,
    IOptions<CapacityOptions> options
)
{
    /// <summary>For regions whose driver enrols no hosts.</summary>
    private const string SimulatedRange = "127.250.0.0/16";
    private const long Lock = 0x6462_6161_7301;

    /// <summary>One decision about room at a time, in the whole cluster, until the transaction ends.</summary>
    public static async Task LockAsync(
        PlatformTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var command = transaction.Command(
            "SELECT pg_advisory_xact_lock($1)",
            new NpgsqlParameter { Value = Lock }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Hosts of a region that answer now; none when the region is away.</summary>
    /// <exception cref="NpgsqlException">The metadata database, which knows where they are, is away.</exception>
    public async Task<IReadOnlyList<HostSize>> DescribeAsync(
        string region,
        CancellationToken cancellationToken
    )
    {
        var facts = await drivers.AnsweringAsync(region, cancellationToken);
        await boxes.RememberAsync(facts, cancellationToken);
        return
        [
            .. facts.Select(host => new HostSize(
                host.HostId,
                Placement.TotalOf(host, options.Value),
                host.GrowsMountedVolumes
            )),
        ];
    }

    /// <summary>
    /// What is taken of each host. Hosts of one box, as the two regions of an installation on one machine, share its memory, processors
    /// and disk: what is promised by one is taken from all of them.
    /// </summary>
    public static async Task<IReadOnlyList<HostCapacity>> TakenAsync(
        PlatformTransaction transaction,
        IReadOnlyList<HostSize> hosts,
        CancellationToken cancellationToken
    )
    {
        await using var command = transaction.Command(
            """
            SELECT h, coalesce(m.n, 0), coalesce(m.cpu, 0), coalesce(m.memory, 0), coalesce(v.size, 0)
            FROM unnest($1::text[]) AS h
            CROSS JOIN LATERAL (SELECT coalesce(array_agg(host_id), '{}') || h AS hosts FROM host
              WHERE facts ->> 'boxId' = (SELECT facts ->> 'boxId' FROM host WHERE host_id = h)) box
            LEFT JOIN LATERAL (SELECT count(*)::int AS n, sum(cpu) AS cpu, sum(memory_bytes)::bigint AS memory
              FROM machine WHERE host_id = ANY (box.hosts) AND deleted_at IS NULL) m ON true
            LEFT JOIN LATERAL (SELECT sum(size_bytes)::bigint AS size FROM volume
              WHERE host_id = ANY (box.hosts) AND deleted_at IS NULL) v ON true
            """,
            new NpgsqlParameter { Value = hosts.Select(host => host.HostId).ToArray() }
        );
        var taken = new Dictionary<string, Demand>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            taken[reader.GetString(0)] = new Demand(
                reader.GetInt32(1),
                reader.GetDouble(2),
                reader.GetInt64(3),
                reader.GetInt64(4)
            );
        }

        return
        [
            .. hosts.Select(host => new HostCapacity(
                host.HostId,
                host.Total,
                taken.GetValueOrDefault(host.HostId)
            )),
        ];
    }

    /// <summary>A tenant's quota and what it has. Without a quota row nothing is limited.</summary>
    public static async Task<(Demand Quota, Demand Taken)> QuotaAsync(
        PlatformTransaction transaction,
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        await using var command = transaction.Command(
            """
            SELECT coalesce(q.instances, 2147483647), coalesce(q.cpu, 1e9), coalesce(q.memory_gib, 1e9), coalesce(q.storage_gib, 2147483647),
              (SELECT count(*)::int FROM instance WHERE tenant_id = $1 AND deleted_at IS NULL),
              coalesce((SELECT sum(cpu) FROM machine WHERE tenant_id = $1 AND deleted_at IS NULL), 0),
              coalesce((SELECT sum(memory_bytes)::bigint FROM machine WHERE tenant_id = $1 AND deleted_at IS NULL), 0),
              coalesce((SELECT sum(size_bytes)::bigint FROM volume WHERE tenant_id = $1 AND deleted_at IS NULL), 0)
            FROM (SELECT 1) one LEFT JOIN quota q ON q.tenant_id = $1
            """,
            new NpgsqlParameter { Value = tenant.ToString() }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (
            new Demand(
                reader.GetInt32(0),
                reader.GetDouble(1),
                (long)(reader.GetDouble(2) * (1L << 30)),
                (long)reader.GetInt32(3) << 30
            ),
            new Demand(
                reader.GetInt32(4),
                reader.GetDouble(5),
                reader.GetInt64(6),
                reader.GetInt64(7)
            )
        );
    }

    /// <summary>
    /// The next free address of the host's range; the one drawn last is passed by, so that a client of a deleted instance does not at
    /// once reach somebody else's. Null when none is left.
    /// </summary>
    public static async Task<IPAddress?> DrawAddressAsync(
        PlatformTransaction transaction,
        string region,
        string hostId,
        int port,
        CancellationToken cancellationToken
    )
    {
        await using var command = transaction.Command(
            """
            SELECT (SELECT endpoint_range FROM host WHERE host_id = $2),
              coalesce((SELECT array_agg(address) FROM endpoint WHERE region = $1 AND port = $3 AND deleted_at IS NULL), '{}'),
              (SELECT address FROM endpoint WHERE host_id = $2 ORDER BY endpoint_id DESC LIMIT 1)
            """,
            new NpgsqlParameter { Value = region },
            new NpgsqlParameter { Value = hostId },
            new NpgsqlParameter { Value = port }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var range = reader.IsDBNull(0) ? SimulatedRange : reader.GetString(0);
        var used = reader.GetFieldValue<string[]>(1).ToHashSet();
        var last = reader.IsDBNull(2) ? null : reader.GetString(2);
        return EndpointAddresses.Next(IPNetwork.Parse(range), used, last);
    }
}
