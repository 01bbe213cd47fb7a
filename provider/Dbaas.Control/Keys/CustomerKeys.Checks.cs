using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.Client.Keys;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Control.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Keys;

/// <content>Finds, checks and makes keys.</content>
internal sealed partial class CustomerKeys
{
    private static async Task<CustomerKeyRow?> FindAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        string? idOrAlias,
        string? region,
        CancellationToken cancellationToken
    )
    {
        var keys = transaction
            .Db.Set<CustomerKeyRow>()
            .AsNoTracking()
            .Where(key => key.TenantId == tenant);
        if (idOrAlias is null)
        {
            return await keys.SingleOrDefaultAsync(
                key => key.Region == region && key.IsDefault,
                cancellationToken
            );
        }

        return TypedId.TryParse(idOrAlias, out KeyId id)
            ? await keys.SingleOrDefaultAsync(key => key.KeyId == id, cancellationToken)
            : await keys.SingleOrDefaultAsync(key => key.Alias == idOrAlias, cancellationToken);
    }

    private Problem? Refuse(RegisterKeyRequest request, string region)
    {
        if (!ResourceName.IsValid(request.Alias))
        {
            return new Problem(
                "key.alias_invalid",
                422,
                "An alias is 1 to 63 lower-case letters, digits and single hyphens, starting with a letter.",
                "/alias",
                ResourceName.Pattern
            );
        }

        if (request.Alias!.StartsWith(KeySweep.DefaultAlias, StringComparison.Ordinal))
        {
            return new Problem(
                "key.alias_invalid",
                422,
                $"Aliases that start with {KeySweep.DefaultAlias} are those of the platform's own default keys.",
                "/alias",
                ResourceName.Pattern
            );
        }

        if (services.EndpointOf(region) is not { } endpoint)
        {
            return new Problem(
                "key.region_unknown",
                422,
                "There is no such region.",
                "/region",
                string.Join(", ", control.Value.Regions.Select(r => r.Name))
            );
        }

        // Calls are signed with the platform's own credentials and come from inside: they go to configured services only.
        return request.Endpoint is { } asked && asked.TrimEnd('/') != endpoint.TrimEnd('/')
            ? new Problem(
                "key.endpoint_not_allowed",
                422,
                "Only key services the administrator has configured are called.",
                "/endpoint",
                endpoint
            )
            : null;
    }

    private async Task<bool> IsTakenAsync(
        TenantId tenant,
        string alias,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        return await transaction
            .Db.Set<CustomerKeyRow>()
            .AnyAsync(key => key.TenantId == tenant && key.Alias == alias, cancellationToken);
    }

    private static Problem Taken(string alias) =>
        new("key.alias_taken", 409, $"There is a key with the alias {alias} already.", "/alias");

    private async Task<Outcome<string>> MakeAsync(
        TenantId tenant,
        string alias,
        string region,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var made = await services
                .Of(region)
                .CreateKeyAsync(
                    new CreateKeyRequest { Description = $"{tenant} {alias}" },
                    cancellationToken
                );
            return made.KeyMetadata.Arn;
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            return KeyServiceFailure.Explain(e);
        }
    }

    private async Task<Outcome<string>> CheckAsync(
        TenantId tenant,
        string arn,
        string region,
        CancellationToken cancellationToken
    )
    {
        KeyMetadata described;
        try
        {
            var answer = await services
                .Of(region)
                .DescribeKeyAsync(new DescribeKeyRequest { KeyId = arn }, cancellationToken);
            described = answer.KeyMetadata;
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            return KeyServiceFailure.Explain(e) with
            {
                Errors = [new("/arn", "key.unknown", "The key cannot be used.", "")],
            };
        }

        if (
            described.KeyUsage != KeyUsageType.ENCRYPT_DECRYPT
            || described.KeySpec != KeySpec.SYMMETRIC_DEFAULT
        )
        {
            return new Problem(
                "key.unsuitable",
                422,
                "The key is not a symmetric key for encryption and decryption.",
                "/arn"
            );
        }

        // The platform may use every key of its own key service, a tenant only its own: to him the key of another does not exist.
        await using var transaction = await platform.BeginAsync(cancellationToken);
        return await transaction
            .Db.Set<CustomerKeyRow>()
            .AnyAsync(key => key.Arn == described.Arn && key.TenantId != tenant, cancellationToken)
            ? new Problem("key.unknown", 422, "The key service does not know this key.", "/arn")
            : described.Arn;
    }
}
