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

/// <summary>Changes in place, or shows what a change would do.</summary>
internal sealed class ResourceUpdate(ProviderSession session, EngineHost engine, DryRuns dryRuns)
{
    private readonly PartialState partial = new(session);
    private readonly Forecasts forecasts = new(engine);

    public async Task<UpdateResponse> PreviewAsync(
        ResourceSchema resource,
        UpdateRequest request,
        CancellationToken cancellationToken
    )
    {
        var olds = StructReader.Read(request.Olds);
        var declared = StructReader.Read(request.News);
        var desired = InputDifferences.Desired(resource, olds, declared);
        if (session.Client is not null)
        {
            var plan = await dryRuns.RecallUpdateAsync(
                request.Id,
                SentInputs.Of(resource, olds, declared, request.IgnoreChanges),
                cancellationToken
            );
            await forecasts.ShowAsync(plan, resource, request.Urn, new Redaction([desired, olds]));
        }

        return new UpdateResponse
        {
            Properties = StructWriter.Write(ResourceState.Preview(resource, desired, olds)),
        };
    }

    public async Task<UpdateResponse> UpdateAsync(
        ResourceSchema resource,
        UpdateRequest request,
        CancellationToken cancellationToken
    )
    {
        var olds = StructReader.Read(request.Olds);
        var declared = StructReader.Read(request.News);
        var desired = InputDifferences.Desired(resource, olds, declared);
        var sent = SentInputs.Of(resource, olds, declared, request.IgnoreChanges);
        var client = session.RequiredClient;
        var progress = new ProgressLines(engine, request.Urn);
        using var patience = new Patience(session, request.Timeout, cancellationToken);
        try
        {
            var before = await ReadyAsync(resource, request.Id, progress, patience.Token);
            var view = await client.UpdateAsync(
                resource,
                request.Id,
                RestJson.Plain.WriteAll(resource.Inputs, sent.Beside(before), "", []),
                progress.Report,
                patience.Token
            );
            // Of what is declared no more the value may stay, and with it the mark that the preview showed.
            var properties = StructWriter.Write(ResourceState.Of(resource, view, desired));
            if (Views.IsUnacknowledged(before))
            {
                await client.AcknowledgeAsync(resource, request.Id, patience.Token);
            }

            return new UpdateResponse { Properties = properties };
        }
        catch (Exception error)
            when (error is not GrpcException && !cancellationToken.IsCancellationRequested)
        {
            var failure =
                error is OperationCanceledException
                    ? new GrpcException(
                        patience.IsOver ? GrpcStatus.DeadlineExceeded : GrpcStatus.Cancelled,
                        $"{patience.Reason} The update goes on in the platform. Run up again to see what is left to do."
                    )
                    : Refusals.Of(
                        error,
                        resource.Inputs,
                        client.VersionAdvice,
                        new Redaction([declared, olds])
                    );
            throw progress.ResourceId is not null
            && await partial.OfAsync(resource, request.Id, declared, known: olds, failure)
                is { } kept
                ? kept
                : failure;
        }
    }

    /// <summary>The resource once nothing else works on it: a create that was interrupted goes on until it has ended.</summary>
    private async Task<JsonObject> ReadyAsync(
        ResourceSchema resource,
        string id,
        ProgressLines progress,
        CancellationToken cancellationToken
    )
    {
        var view = await FindAsync(resource, id, cancellationToken);
        if (Views.OperationOf(view) is not { } operation)
        {
            return view;
        }

        await session.RequiredClient.SettleAsync(operation, progress.Report, cancellationToken);
        return await FindAsync(resource, id, cancellationToken);
    }

    private async Task<JsonObject> FindAsync(
        ResourceSchema resource,
        string id,
        CancellationToken cancellationToken
    ) =>
        await session.RequiredClient.FindAsync(resource, id, cancellationToken)
        ?? throw new GrpcException(
            GrpcStatus.NotFound,
            $"{id} does not exist any more: someone deleted it, or its creation failed and was undone. "
                + "Run `pulumi refresh`, then up again."
        );
}
