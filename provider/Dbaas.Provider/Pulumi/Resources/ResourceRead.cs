using System.Text.RegularExpressions;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>Reads for a refresh, an import or a get. What does not exist is an empty id; no answer is an error.</summary>
internal sealed class ResourceRead(ProviderSession session)
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    public async Task<ReadResponse> ReadAsync(
        ResourceSchema resource,
        ReadRequest request,
        CancellationToken cancellationToken
    )
    {
        var imports = request.Inputs is null;
        if (imports)
        {
            RefuseWrongId(resource, request.Id);
        }

        var client = session.RequiredClient;
        var view = imports
            ? await client.FindAsync(resource, request.Id, cancellationToken)
            : await session.RequiredReads.FindAsync(resource, request.Id, cancellationToken);
        if (view is null)
        {
            return new ReadResponse();
        }

        var id = Views.IdOf(view);
        if (imports && Views.IsUnacknowledged(view))
        {
            // Left by an interrupted create. Now that it is in a state, no other create may take it over.
            await client.AcknowledgeAsync(resource, id, cancellationToken);
        }
        else
        {
            await session.RequiredAcknowledgements.InStateAsync(resource, view, cancellationToken);
        }

        var inputs = StructReader.Read(request.Inputs);
        // Marks may have come only with the outputs, by a user's additionalSecretOutputs.
        var marks = inputs.MarkedLikeOutputs(StructReader.Read(request.Properties));
        return new ReadResponse
        {
            Id = id,
            Properties = StructWriter.Write(ResourceState.Of(resource, view, marks)),
            Inputs = StructWriter.Write(
                ResourceState.InputsOf(resource, view, imports ? null : inputs)
            ),
        };
    }

    private static void RefuseWrongId(ResourceSchema resource, string id)
    {
        var name = resource.Inputs.FirstOrDefault(input => input.IsName);
        if (
            !id.StartsWith(resource.IdPrefix + "_", StringComparison.Ordinal)
            && (
                name is null
                || !Regex.IsMatch(id, name.Pattern ?? ".", RegexOptions.ECMAScript, PatternTimeout)
            )
        )
        {
            throw new GrpcException(
                GrpcStatus.InvalidArgument,
                $"'{id}' is neither id nor name of a {resource.Name}. Write its id ({resource.IdPrefix}_…) or its name."
            );
        }
    }
}
