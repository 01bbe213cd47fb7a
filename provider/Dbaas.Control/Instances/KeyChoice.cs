using Dbaas.Client.Operations;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances;

/// <summary>Which registered key an instance's inputs mean.</summary>
internal static class KeyChoice
{
    /// <param name="transaction">Any transaction that sees the tenant's keys.</param>
    /// <param name="tenant">Whose keys.</param>
    /// <param name="region">The instance's region; keys belong to one.</param>
    /// <param name="idOrAlias">As the user wrote it; empty: the tenant's default key of the region.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<(KeyId? Key, FieldProblem? Problem)> ResolveAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        string region,
        string idOrAlias,
        CancellationToken cancellationToken
    )
    {
        var keys = await transaction
            .Db.Set<CustomerKeyRow>()
            .AsNoTracking()
            .Where(row => row.TenantId == tenant)
            .ToListAsync(cancellationToken);
        var here = keys.Where(key => key.Region == region).ToList();
        var key =
            idOrAlias.Length == 0
                ? here.Find(candidate => candidate.IsDefault)
                : here.Find(candidate => candidate.KeyId.ToString() == idOrAlias)
                    ?? here.Find(candidate => candidate.Alias == idOrAlias);
        var allowed = string.Join(", ", here.Select(candidate => candidate.Alias));
        if (key is null)
        {
            var elsewhere = keys.Find(candidate =>
                candidate.KeyId.ToString() == idOrAlias || candidate.Alias == idOrAlias
            );
            var message =
                elsewhere is not null
                    ? $"The key {elsewhere.Alias} is registered for {elsewhere.Region}; the instance is in {region}."
                : idOrAlias.Length == 0
                    ? $"The tenant has no default key in {region} yet; it is made within a minute of the tenant, when the key service answers."
                : $"The tenant has no such key in {region}.";
            return (null, new FieldProblem("/kmsKeyId", InstanceProblems.Key, message, allowed));
        }

        // A key service that is silent now is no reason to refuse: the operation waits for it.
        return KeyStates.WhyLocked(key.State) is { } why
            ? (
                null,
                new FieldProblem(
                    "/kmsKeyId",
                    InstanceProblems.Key,
                    $"The key {key.Alias} {why}.",
                    "an enabled key"
                )
            )
            : (key.KeyId, null);
    }
}
