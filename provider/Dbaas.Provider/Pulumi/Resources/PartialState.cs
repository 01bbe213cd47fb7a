using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>
/// A change that began and did not arrive: the engine gets the id and what is there, so that nothing is lost from its state, and goes on
/// with an update the next time.
/// </summary>
internal sealed class PartialState(ProviderSession session)
{
    // The user pressed Ctrl-C; the engine kills this process five seconds later.
    private static readonly TimeSpan TimeToLook = TimeSpan.FromSeconds(2);

    /// <summary>A failure that carries the resource; null when the service says that there is none (any more).</summary>
    /// <param name="resource">The kind of resource.</param>
    /// <param name="id">Which.</param>
    /// <param name="declared">Inputs, with their marks.</param>
    /// <param name="known">Outputs it had before, with their marks: they stay where the service cannot say how it looks now.</param>
    /// <param name="failure">Why the change did not arrive.</param>
    public async Task<GrpcException?> OfAsync(
        ResourceSchema resource,
        string id,
        Value.Map declared,
        Value.Map known,
        GrpcException failure
    )
    {
        using var time = new CancellationTokenSource(TimeToLook, session.Time);
        var client = session.RequiredClient;
        Value.Map outputs;
        try
        {
            var view = await client.FindAsync(resource, id, time.Token);
            if (view is null)
            {
                return null;
            }

            outputs = ResourceState.Of(resource, view, declared);
            if (Views.IsUnacknowledged(view))
            {
                // It will be in a state, if the engine lives to write this down.
                session.RequiredAcknowledgements.Answer(resource, view);
            }
        }
        catch (Exception error)
            when (error
                    is UnreachableException
                        or ServiceException
                        or OperationCanceledException
                        or AnswerException
            )
        {
            // It exists; what it looks like, the next refresh finds out. What the engine gets here replaces its state as a whole.
            outputs = known;
        }

        return new GrpcException(
            failure.Status,
            failure.Message,
            new ErrorResourceInitFailed
            {
                Id = id,
                Properties = Bounded.Of(StructWriter.Write(outputs)),
                Reasons = { failure.Message },
            }
        );
    }
}
