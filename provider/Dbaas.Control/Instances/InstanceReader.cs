using Dbaas.Client.Catalogue;
using Dbaas.Client.Instances;
using Dbaas.Control.Audit;
using Dbaas.Control.Http.Paging;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Dbaas.Control.Pki;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <summary>Instances as users see them.</summary>
internal sealed class InstanceReader(
    ITenantTransactions tenants,
    InstanceViews views,
    IAuthorities authorities,
    ICredentialVault vault,
    EngineCatalogue engines,
    ICursors cursors,
    IEventWriter events
)
{
    public async Task<Outcome<Page<InstanceView>>> ListAsync(
        Caller caller,
        string? name,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var list = $"instances?name={name}";
        var position = cursors.Read(caller.Tenant, list, cursor);
        var count = cursors.Limit(limit);
        if (!position.Succeeded || !count.Succeeded)
        {
            return (position.Problem ?? count.Problem)!;
        }

        // One more than is shown tells whether there is another page.
        var read = await views.ReadAsync(
            caller.Tenant,
            InstanceSelection.Page(caller.Tenant, name, position.Value.After, count.Value + 1),
            cancellationToken
        );
        var shown = read.Take(count.Value).Select(one => one.View).ToList();
        return new Page<InstanceView>(
            shown,
            read.Count > count.Value ? cursors.Write(caller.Tenant, list, shown[^1].Name) : null
        );
    }

    public async Task<Outcome<(InstanceView View, long Version)>> GetAsync(
        TenantId tenant,
        string idOrName,
        CancellationToken cancellationToken
    ) =>
        await views.ReadAsync(tenant, InstanceSelection.One(tenant, idOrName), cancellationToken)
            is [var found]
            ? found
            : Refusals.NotFound(idOrName);

    /// <summary>The login of the admin role; every fetch is audited in the transaction that answers it.</summary>
    public async Task<Outcome<CredentialsView>> CredentialsAsync(
        Caller caller,
        string idOrName,
        string? database,
        CancellationToken cancellationToken
    )
    {
        // The vault takes a connection of its own. Whoever held one meanwhile, and as many others as there are, would wait for each other.
        InstanceId instance;
        await using (var looking = await tenants.BeginAsync(caller.Tenant, cancellationToken))
        {
            var known = await WithLoginAsync(looking, caller, idOrName, cancellationToken);
            if (!known.Succeeded)
            {
                return known.Problem;
            }

            instance = known.Value.InstanceId;
        }

        var secrets = await vault.ReadAsync(caller.Tenant, instance, cancellationToken);
        if (!secrets.Succeeded)
        {
            return secrets.Problem;
        }

        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        var found = await WithLoginAsync(
            transaction,
            caller,
            instance.ToString(),
            cancellationToken
        );
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var row = found.Value;
        var parts = await InstanceStore.PartsAsync(transaction, row, cancellationToken);
        await events.AppendAsync(
            transaction,
            EventDraft.By(
                caller,
                "credentials.fetched",
                $"The login of {row.Name} was fetched."
            ) with
            {
                ResourceId = row.InstanceId.ToString(),
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return new CredentialsView
        {
            Host = parts.Endpoint.HostName,
            Port = parts.Endpoint.Port,
            Username = engines.Get(row.Engine).AdminUser,
            Password = secrets.Value[SecretNames.Admin],
            Database =
                database
                ?? (
                    row.Spec.Databases.Count > 0
                        ? row.Spec.Databases[0]
                        : engines.Get(row.Engine).DefaultDatabase
                ),
            Ca = authorities.EndpointPem,
        };
    }

    private static async Task<Outcome<InstanceRow>> WithLoginAsync(
        TenantTransaction transaction,
        Caller caller,
        string idOrName,
        CancellationToken cancellationToken
    )
    {
        if (
            await InstanceStore.FindAsync(transaction, caller.Tenant, idOrName, cancellationToken)
            is not { } row
        )
        {
            return Refusals.NotFound(idOrName);
        }

        return row.Status is InstanceStatuses.Provisioning or InstanceStatuses.Deleting
            ? Refusals.WrongStatus(row, "it has no login yet or no longer")
            : row;
    }
}
