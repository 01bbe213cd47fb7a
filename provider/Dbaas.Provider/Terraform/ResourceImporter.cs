using System.Text.RegularExpressions;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Terraform;

/// <summary>Takes a resource that exists into state, by id or by name.</summary>
internal sealed class ResourceImporter(ProviderSession session)
{
    public async Task<AppliedChange> ImportAsync(
        ResourceType type,
        string idOrName,
        CancellationToken cancellationToken
    )
    {
        var name = type.Schema.Inputs.FirstOrDefault(input => input.IsName);
        var isId = idOrName.StartsWith(type.Schema.IdPrefix + "_", StringComparison.Ordinal);
        if (
            !isId
            && (
                name is null
                || !Regex.IsMatch(
                    idOrName,
                    name.Pattern ?? ".",
                    RegexOptions.ECMAScript,
                    TimeSpan.FromSeconds(1)
                )
            )
        )
        {
            return new AppliedChange(
                Value.Null,
                [
                    Diagnostics.Error(
                        $"'{idOrName}' is neither id nor name of a {type.Name}",
                        $"Write its id ({type.Schema.IdPrefix}_…) or its name, for example: terraform import {type.Name}.orders orders"
                    ),
                ]
            );
        }

        var client = session.RequiredClient;
        var view = await client.FindAsync(type.Schema, idOrName, cancellationToken);
        if (view is null)
        {
            return new AppliedChange(
                Value.Null,
                [
                    Diagnostics.Error(
                        $"There is no {type.Name} '{idOrName}'",
                        "Nothing of this id or name exists in the tenant. Known names: dbaas instance list"
                    ),
                ]
            );
        }

        if (Views.IsUnacknowledged(view))
        {
            // Left by an interrupted create. Now that it is in a state, no other create may take it over.
            await client.AcknowledgeAsync(type.Schema, Views.IdOf(view), cancellationToken);
        }

        return new AppliedChange(ReadState.Of(type, view, prior: null), []);
    }
}
