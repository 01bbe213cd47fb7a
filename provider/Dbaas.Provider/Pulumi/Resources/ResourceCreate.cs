using System.Text.Json.Nodes;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Diffs;
using Dbaas.Provider.Pulumi.Engine;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>Creates, or shows what a create would do.</summary>
internal sealed class ResourceCreate(ProviderSession session, EngineHost engine, DryRuns dryRuns)
{
    private readonly PartialState partial = new(session);
    private readonly Forecasts forecasts = new(engine);

    public async Task<CreateResponse> PreviewAsync(
        ResourceSchema resource,
        CreateRequest request,
        CancellationToken cancellationToken
    )
    {
        var desired = Desired(resource, StructReader.Read(request.Properties));
        if (session.Client is not null)
        {
            var plan = await dryRuns.CreateAsync(
                resource,
                desired.BareMembers(),
                cancellationToken
            );
            await forecasts.ShowAsync(plan, resource, request.Urn, new Redaction([desired]));
        }

        return new CreateResponse
        {
            Properties = StructWriter.Write(ResourceState.Preview(resource, desired, olds: null)),
        };
    }

    public async Task<CreateResponse> CreateAsync(
        ResourceSchema resource,
        CreateRequest request,
        CancellationToken cancellationToken
    )
    {
        var declared = StructReader.Read(request.Properties);
        var client = session.RequiredClient;
        var progress = new ProgressLines(engine, request.Urn);
        using var patience = new Patience(session, request.Timeout, cancellationToken);
        try
        {
            var inputs = Inputs(resource, declared);
            await session.RequiredAcknowledgements.MadeBeforeAsync(
                resource,
                inputs,
                patience.Token
            );
            var created = await client.CreateAsync(
                resource,
                inputs,
                progress.Report,
                patience.Token
            );
            var id = Views.IdOf(created.View);
            // What an earlier run began may have been declared differently; from here it is an ordinary update.
            var view = created.Adopted
                ? await client.UpdateAsync(
                    resource,
                    id,
                    Inputs(resource, declared),
                    progress.Report,
                    patience.Token
                )
                : created.View;
            var properties = StructWriter.Write(ResourceState.Of(resource, view, declared));
            session.RequiredAcknowledgements.Answer(resource, view);
            return new CreateResponse { Id = id, Properties = properties };
        }
        catch (Exception error)
            when (error is not GrpcException && !cancellationToken.IsCancellationRequested)
        {
            var failure =
                error is OperationCanceledException
                    ? new GrpcException(
                        patience.IsOver ? GrpcStatus.DeadlineExceeded : GrpcStatus.Cancelled,
                        $"{patience.Reason} The create goes on in the platform. Run up again: it takes up what was begun."
                    )
                    : Refusals.Of(
                        error,
                        resource.Inputs,
                        client.VersionAdvice,
                        new Redaction([declared])
                    );
            throw progress.ResourceId is { } begun
            && await partial.OfAsync(resource, begun, declared, known: declared, failure)
                is { } kept
                ? kept
                : failure;
        }
    }

    /// <summary>What is sent: defaults are said outright, so that a service with other ones makes what the preview showed.</summary>
    private static JsonObject Inputs(ResourceSchema resource, Value.Map declared) =>
        RestJson.Plain.WriteAll(resource.Inputs, Desired(resource, declared).BareMembers(), "", []);

    private static Value.Map Desired(ResourceSchema resource, Value.Map declared) =>
        InputDifferences.Desired(resource, outputs: Value.Object([]), declared);
}
