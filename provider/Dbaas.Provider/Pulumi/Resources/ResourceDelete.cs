using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Engine;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>Deletes, and returns when it is gone. What is gone already is deleted.</summary>
internal sealed class ResourceDelete(ProviderSession session, EngineHost engine)
{
    public async Task DeleteAsync(
        ResourceSchema resource,
        DeleteRequest request,
        CancellationToken cancellationToken
    )
    {
        using var patience = new Patience(session, request.Timeout, cancellationToken);
        try
        {
            await session.RequiredClient.DeleteAsync(
                resource,
                request.Id,
                new ProgressLines(engine, request.Urn).Report,
                patience.Token
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(
                patience.IsOver ? GrpcStatus.DeadlineExceeded : GrpcStatus.Cancelled,
                $"{patience.Reason} The deletion goes on in the platform. Run destroy again to see it end."
            );
        }
    }
}
