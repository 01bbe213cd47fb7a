using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// What must be true of an instance after every operation, however it ended: the books (capacity, usage, audit) agree with what it is,
/// and the host has what its status says.
/// </summary>
internal static class InstanceBooks
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Each row is one thing that is wrong, in words.</summary>
    private const string Faults = """
        SELECT 'an operation still owns it' FROM instance WHERE tenant_id = $2 AND instance_id = $1 AND deleted_at IS NULL AND operation_id IS NOT NULL
        UNION ALL
        SELECT 'nothing was ever done with it' WHERE NOT EXISTS (SELECT FROM operation WHERE tenant_id = $2 AND resource_id = $1)
        UNION ALL
        SELECT 'its operation ' || operation_id || ' has not ended' FROM operation WHERE tenant_id = $2 AND resource_id = $1 AND finished_at IS NULL
        UNION ALL
        SELECT o.kind || ' has ' || (SELECT count(*) FROM event e WHERE e.audit AND e.tenant_id = $2 AND e.operation_id = o.operation_id AND e.kind = o.kind || '.' || word)
            || ' audit rows ' || word
          FROM operation o CROSS JOIN LATERAL (VALUES ('requested'), (o.state)) words(word)
          WHERE o.tenant_id = $2 AND o.resource_id = $1 AND o.finished_at IS NOT NULL
            AND (SELECT count(*) FROM event e WHERE e.audit AND e.tenant_id = $2 AND e.operation_id = o.operation_id AND e.kind = o.kind || '.' || word) <> 1
        UNION ALL
        SELECT 'it pays for ' || coalesce(u.running::text || ' ' || u.cpu || ' ' || u.memory_gib || ' ' || u.storage_gib, 'nothing')
          FROM instance i LEFT JOIN usage_interval u ON u.instance_id = i.instance_id AND u.ended_at IS NULL
          WHERE i.instance_id = $1 AND i.deleted_at IS NULL AND i.status IN ('available', 'stopped')
            AND (u.running, u.cpu, u.memory_gib, u.storage_gib) IS DISTINCT FROM (i.status = 'available', (i.desired ->> 'cpu')::float8,
              (i.desired ->> 'memoryGib')::float8, i.actual_storage_gib)
        UNION ALL
        SELECT 'two of its intervals overlap' FROM usage_interval a JOIN usage_interval b ON a.tenant_id = b.tenant_id AND a.instance_id = b.instance_id
            AND a.usage_id < b.usage_id
          WHERE a.tenant_id = $2 AND a.instance_id = $1 AND a.ended_at > b.started_at AND b.ended_at > a.started_at
        UNION ALL
        SELECT 'of ' || (desired ->> 'storageGib') || ' GiB it has ' || actual_storage_gib || ' and waits for ' || pending_changes FROM instance
          WHERE instance_id = $1 AND deleted_at IS NULL AND status IN ('available', 'stopped')
            AND (actual_storage_gib < (desired ->> 'storageGib')::int) <> (pending_changes::text LIKE '%/storageGib%')
        UNION ALL
        SELECT 'it runs ' || actual_version || ', shall be ' || (desired ->> 'engineVersion') || ' and waits for ' || pending_changes FROM instance
          WHERE instance_id = $1 AND deleted_at IS NULL AND status = 'available'
            AND (string_to_array(actual_version, '.')::int[] < string_to_array(desired ->> 'engineVersion', '.')::int[])
              <> (pending_changes::text LIKE '%/engineVersion%')
        UNION ALL
        SELECT 'its machine is made from ' || m.image_id || ', not from ' || i.image_id
          FROM instance i JOIN machine m USING (tenant_id, instance_id)
          WHERE i.instance_id = $1 AND i.deleted_at IS NULL AND i.status IN ('available', 'stopped') AND m.image_id <> i.image_id
        UNION ALL
        SELECT 'its machine takes ' || m.cpu || ' cores and ' || m.memory_bytes || ' bytes'
          FROM instance i JOIN machine m USING (tenant_id, instance_id)
          WHERE i.instance_id = $1 AND i.deleted_at IS NULL AND i.status IN ('available', 'stopped') AND jsonb_array_length(i.pending_changes) = 0
            AND (m.cpu <> (i.desired ->> 'cpu')::float8 OR m.memory_bytes <> (i.desired ->> 'memoryGib')::float8 * 1073741824)
        UNION ALL
        SELECT 'its volume takes ' || v.size_bytes || ' bytes'
          FROM instance i JOIN volume v USING (tenant_id, instance_id)
          WHERE i.instance_id = $1 AND i.deleted_at IS NULL AND i.status IN ('available', 'stopped')
            AND v.size_bytes <> greatest(i.actual_storage_gib, (i.desired ->> 'storageGib')::bigint) * 1073741824
        """;

    public static async Task BalanceAsync(SteppedControl stepped, string id, string after)
    {
        var found = new List<string>();
        var promised = 0L;
        await using (
            var transaction = await stepped
                .Services.GetRequiredService<IPlatformTransactions>()
                .BeginAsync(Token)
        )
        {
            await using var command = transaction.Command(
                Faults,
                new NpgsqlParameter { Value = id },
                // Every index begins with the tenant; without it each look would read all events of the run.
                new NpgsqlParameter { Value = stepped.Tenant.ToString() }
            );
            await using var reader = await command.ExecuteReaderAsync(Token);
            while (await reader.ReadAsync(Token))
            {
                found.Add(reader.GetString(0));
            }

            await reader.CloseAsync();
            await using var memory = transaction.Command(
                "SELECT memory_bytes FROM machine WHERE tenant_id = $2 AND instance_id = $1 AND deleted_at IS NULL",
                new NpgsqlParameter { Value = id },
                new NpgsqlParameter { Value = stepped.Tenant.ToString() }
            );
            promised = (long?)await memory.ExecuteScalarAsync(Token) ?? 0;
        }

        var answer = await stepped.Api.GetAsync($"/instances/{id}");
        if (answer.Status == System.Net.HttpStatusCode.NotFound)
        {
            await InstanceRemains.NothingAsync(stepped.Services, id);
        }
        else
        {
            var objects = await InstanceRemains.ObjectsAsync(stepped.Services, id);
            var right = answer.Text("status") switch
            {
                "available" => "container,gateway-entry,mount,store-user,volume,volume-key",
                "stopped" => "container,store-user,volume",
                "failed" => objects,
                var other => $"nothing of an instance that is {other}",
            };
            if (
                answer.Text("status") is "available" or "stopped"
                && (await FreshImages.MachineAsync(stepped, id)).MemoryBytes is var has
                && has != promised
            )
            {
                found.Add($"its machine has {has} bytes of the {promised} that the books say");
            }

            if (objects != right)
            {
                found.Add($"the host has {objects} of an instance that is {answer.Text("status")}");
            }
        }

        Assert.True(found.Count == 0, $"after {after}: {string.Join("; ", found)}");
    }
}
