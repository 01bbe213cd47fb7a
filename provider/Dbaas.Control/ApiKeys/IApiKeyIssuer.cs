using Dbaas.Client.Tenancy;
using Dbaas.Control.Metadata;

namespace Dbaas.Control.ApiKeys;

internal interface IApiKeyIssuer
{
    /// <summary>Makes a principal, its key and its bindings in the transaction. The answer is the only place that holds the secret.</summary>
    Task<CreatedApiKeyView> IssueAsync(
        MetadataTransaction transaction,
        KeyIssue issue,
        CancellationToken cancellationToken
    );
}
