using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Operations;

/// <summary>The events of one operation as they come, until it ends. A client that lost the connection goes on after Last-Event-ID.</summary>
internal sealed class OperationEvents(ITenantTransactions tenants, OperationSignals signals)
{
    private const int PageSize = 200;

    public async IAsyncEnumerable<SseItem<string>> FollowAsync(
        TenantId tenant,
        OperationId id,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var text = id.ToString();
        using var watch = signals.Follow(text);
        while (true)
        {
            var changed = watch.Next;
            bool ended;
            List<EventRow> rows;
            await using (var transaction = await tenants.BeginAsync(tenant, cancellationToken))
            {
                ended = await transaction
                    .Db.Set<OperationRow>()
                    .AnyAsync(
                        row =>
                            row.TenantId == tenant
                            && row.OperationId == id
                            && row.FinishedAt != null,
                        cancellationToken
                    );
                rows = await transaction
                    .Db.Set<EventRow>()
                    .AsNoTracking()
                    .Where(row =>
                        row.TenantId == tenant && row.OperationId == text && row.Sequence > after
                    )
                    .OrderBy(row => row.Sequence)
                    .Take(PageSize)
                    .ToListAsync(cancellationToken);
            }

            foreach (var row in rows)
            {
                after = row.Sequence;
                yield return new SseItem<string>(
                    JsonSerializer.Serialize(
                        new OperationEventView(
                            row.At,
                            row.Kind,
                            row.Severity,
                            row.Message,
                            row.Data
                        ),
                        OperationJson.Default.OperationEventView
                    ),
                    row.Kind
                )
                {
                    EventId = row.Sequence.ToString(
                        System.Globalization.CultureInfo.InvariantCulture
                    ),
                };
            }

            if (ended && rows.Count < PageSize)
            {
                yield break;
            }

            if (rows.Count < PageSize)
            {
                await Task.WhenAny(changed, Task.Delay(TimeSpan.FromSeconds(1), cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
