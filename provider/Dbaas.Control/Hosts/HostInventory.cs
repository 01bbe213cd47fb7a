using System.Text.Json.Nodes;
using Dbaas.Client.Hosts;
using Dbaas.Control.Composition;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Host;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Hosts;

/// <summary>What hosts are and what lies on them, asked of their drivers now.</summary>
internal sealed class HostInventory(
    IPlatformTransactions platform,
    MachineDrivers drivers,
    IOptions<ControlOptions> options,
    TimeProvider time
)
{
    /// <summary>For one host's list; longer than the metadata database lets anybody wait who looks for the host.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>A silo of the version before reads what a newer one has written about its hosts.</summary>
    private static readonly JsonParser s_facts = new(
        JsonParser.Settings.Default.WithIgnoreUnknownFields(true)
    );

    /// <summary>All hosts, with fresh facts of those that answer. The rows are brought up to date on the way.</summary>
    public async Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, HostFacts>(StringComparer.Ordinal);
        foreach (var region in options.Value.Regions)
        {
            foreach (var facts in await drivers.AnsweringAsync(region.Name, cancellationToken))
            {
                seen[facts.HostId] = facts;
            }
        }

        await using var transaction = await platform.BeginAsync(cancellationToken);
        var rows = await transaction
            .Db.Set<HostRow>()
            .OrderBy(row => row.Region)
            .ThenBy(row => row.Address)
            .ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (seen.TryGetValue(row.HostId.ToString(), out var facts))
            {
                row.State = "online";
                row.DaemonVersion = facts.Version;
                row.Facts = JsonNode.Parse(JsonFormatter.Default.Format(facts))!;
                row.LastSeenAt = time.GetUtcNow();
            }
            else
            {
                row.State = "unreachable";
            }
        }

        await transaction.CommitAsync(cancellationToken);
        var enrolled = rows.Select(row => row.HostId.ToString()).ToHashSet();
        return
        [
            .. rows.Select(View),
            // Simulated hosts need no enrolment.
            .. seen.Values.Where(facts => !enrolled.Contains(facts.HostId)).Select(View),
        ];
    }

    /// <summary>Everything on every host; with <paramref name="orphansOnly"/> what belongs to nobody any more.</summary>
    public async Task<Outcome<IReadOnlyList<InventoryItemView>>> InventoryAsync(
        bool orphansOnly,
        CancellationToken cancellationToken
    )
    {
        var found = new List<(string Host, InventoryItem Item)>();
        foreach (var host in await HostsAsync(cancellationToken))
        {
            try
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
                    cancellationToken
                );
                deadline.CancelAfter(s_patience);
                var inventory = await drivers
                    .For(host.Region)
                    .GetInventoryAsync(host.Id, deadline.Token);
                found.AddRange(inventory.Items.Select(item => (host.Id, item)));
            }
            catch (Exception e)
                when (e is MachineDriverException
                    || e is OperationCanceledException && !cancellationToken.IsCancellationRequested
                )
            {
                // A list that silently lacks a host would call clean what is not.
                return new Problem(
                    "host.unreachable",
                    503,
                    $"Host {host.Id} of {host.Region} does not answer."
                )
                {
                    RetryAfter = TimeSpan.FromSeconds(5),
                };
            }
        }

        if (orphansOnly && found.Find(pair => pair.Item.Unlisted) is { Item: not null } silent)
        {
            // Nothing found is no proof that nothing is there.
            return new Problem(
                "host.inventory_incomplete",
                503,
                $"Host {silent.Host} could not list everything of the kind {silent.Item.Kind}: {silent.Item.Detail}"
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }

        // Read after the hosts were asked: what a create has made in between is known by now, since rows come before things.
        var known = await KnownAsync(cancellationToken);
        var views = found
            .Select(pair => View(pair.Host, pair.Item, known))
            .Where(view => !orphansOnly || view.Orphan)
            .OrderBy(view => view.HostId, StringComparer.Ordinal)
            .ThenBy(view => view.Kind, StringComparer.Ordinal)
            .ThenBy(view => view.Name, StringComparer.Ordinal)
            .ToArray();
        return Outcome<IReadOnlyList<InventoryItemView>>.Of(views);
    }

    /// <summary>Enrolled hosts, also those that are silent, and the driver's own that need no enrolment.</summary>
    private async Task<HashSet<(string Id, string Region)>> HostsAsync(
        CancellationToken cancellationToken
    )
    {
        var hosts = new HashSet<(string, string)>();
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            foreach (
                var row in await transaction
                    .Db.Set<HostRow>()
                    .AsNoTracking()
                    .ToListAsync(cancellationToken)
            )
            {
                hosts.Add((row.HostId.ToString(), row.Region));
            }
        }

        foreach (var region in options.Value.Regions)
        {
            foreach (var facts in await drivers.AnsweringAsync(region.Name, cancellationToken))
            {
                hosts.Add((facts.HostId, region.Name));
            }
        }

        return hosts;
    }

    private async Task<HashSet<string>> KnownAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        await using var command = transaction.Command(
            """
            SELECT instance_id FROM instance WHERE deleted_at IS NULL
            UNION ALL SELECT member_id FROM member WHERE deleted_at IS NULL
            UNION ALL SELECT tenant_id FROM tenant
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(reader.GetString(0));
        }

        return known;
    }

    private static InventoryItemView View(string host, InventoryItem item, HashSet<string> known)
    {
        var owner = item.Owner;
        var orphan =
            !item.Platform
            && !item.Unlisted
            && (
                owner is null
                // A tenant's network serves all its instances and belongs to none of them.
                || !known.Contains(owner.InstanceId.Length > 0 ? owner.InstanceId : owner.TenantId)
                || owner.MemberId.Length > 0 && !known.Contains(owner.MemberId)
            );
        return new InventoryItemView(
            host,
            item.Kind,
            item.Name,
            owner is null ? ""
                : owner.MemberId.Length > 0 ? owner.MemberId
                : owner.InstanceId.Length > 0 ? owner.InstanceId
                : owner.TenantId,
            item.Detail,
            item.Platform,
            orphan
        );
    }

    private static HostView View(HostRow row)
    {
        var facts = s_facts.Parse<HostFacts>(row.Facts.ToJsonString());
        return View(facts) with
        {
            Id = row.HostId.ToString(),
            Region = row.Region,
            Address = row.Address,
            State = row.State,
            Version = row.DaemonVersion,
        };
    }

    private static HostView View(HostFacts facts) =>
        new()
        {
            Id = facts.HostId,
            Region = facts.Region,
            Address = "",
            State = "online",
            Version = facts.Version,
            Facts = JsonNode
                .Parse(JsonFormatter.Default.Format(facts))!
                .AsObject()
                .Where(pair => pair.Value is JsonValue)
                .ToDictionary(pair => pair.Key, pair => pair.Value!.ToString()),
            Notes = [.. facts.Notes],
        };
}
