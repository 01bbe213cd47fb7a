using System.Text.Json.Nodes;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Terraform;

/// <summary>
/// Carries out planned changes. A failed create answers no state at all: an error beside a state would mark the resource as tainted, and
/// the next apply would destroy it. The service keeps what was begun, and the next create takes it over.
/// </summary>
internal sealed class ResourceApplier(ProviderSession session)
{
    public async Task<AppliedChange> CreateAsync(
        ResourceType type,
        Value.Map planned,
        CancellationToken cancellationToken
    )
    {
        var client = session.RequiredClient;
        return await GuardAsync(
            type,
            stateOnFailure: Value.Null,
            Timeouts.For(planned, Timeouts.Create),
            "The create goes on in the platform. Run apply again: it takes up what was begun.",
            async waiting =>
            {
                var inputs = Inputs(type, planned);
                await session.RequiredAcknowledgements.MadeBeforeAsync(
                    type.Schema,
                    inputs,
                    waiting
                );
                var created = await client.CreateAsync(type.Schema, inputs, null, waiting);
                var id = Views.IdOf(created.View);
                // What an earlier run began may have been declared differently; from here it is an ordinary update.
                var view = created.Adopted
                    ? await client.UpdateAsync(
                        type.Schema,
                        id,
                        Inputs(type, planned),
                        null,
                        waiting
                    )
                    : created.View;
                var state = ReadState.Fill(type, planned, view);
                session.RequiredAcknowledgements.Answer(type.Schema, view);
                return state;
            },
            cancellationToken
        );
    }

    public async Task<AppliedChange> UpdateAsync(
        ResourceType type,
        Value.Map prior,
        Value.Map planned,
        Value.Map config,
        CancellationToken cancellationToken
    )
    {
        var shape = new PlannedState(type, session.Settings);
        if (!shape.Changed(planned, prior).Any() && planned.IsWhollyKnown)
        {
            // Only what concerns the waiting (timeouts) differs; the platform has nothing to do.
            return new AppliedChange(planned, []);
        }

        var client = session.RequiredClient;
        return await GuardAsync(
            type,
            // The old values: with the planned ones in state the next plan would believe that all was done.
            stateOnFailure: prior,
            Timeouts.For(planned, Timeouts.Update),
            "The update goes on in the platform and may still fail and be undone. Until it has ended, apply finds nothing to do: a plan "
                + "compares with what the platform was asked for. `dbaas operation list` shows how it ends; run apply again after that.",
            async waiting =>
                ReadState.Fill(
                    type,
                    planned,
                    await client.UpdateAsync(
                        type.Schema,
                        IdOf(prior),
                        Inputs(type, shape.Sent(planned, config, exists: true)),
                        null,
                        waiting
                    )
                ),
            cancellationToken
        );
    }

    public async Task<AppliedChange> DeleteAsync(
        ResourceType type,
        Value.Map prior,
        CancellationToken cancellationToken
    )
    {
        var client = session.RequiredClient;
        return await GuardAsync(
            type,
            stateOnFailure: prior,
            Timeouts.For(prior, Timeouts.Delete),
            "The deletion goes on in the platform. Run destroy again to see it end.",
            async waiting =>
            {
                await client.DeleteAsync(type.Schema, IdOf(prior), null, waiting);
                return Value.Null;
            },
            cancellationToken
        );
    }

    private async Task<AppliedChange> GuardAsync(
        ResourceType type,
        Value stateOnFailure,
        TimeSpan timeout,
        string whenInterrupted,
        Func<CancellationToken, Task<Value>> change,
        CancellationToken cancellationToken
    )
    {
        var client = session.RequiredClient;
        using var deadline = new CancellationTokenSource(timeout, session.Time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            session.Stopping,
            deadline.Token
        );
        try
        {
            return new AppliedChange(await change(waiting.Token), []);
        }
        catch (OperationCanceledException)
        {
            var summary = deadline.IsCancellationRequested
                ? $"Not finished after {timeout.TotalMinutes:0.#} minutes"
                : "Interrupted before it was finished";
            return new AppliedChange(stateOnFailure, [Diagnostics.Error(summary, whenInterrupted)]);
        }
        catch (ServiceException error)
        {
            return new AppliedChange(
                stateOnFailure,
                [.. Diagnostics.Of(error, type.Schema.Inputs)]
            );
        }
        catch (UnreachableException error)
        {
            return new AppliedChange(
                stateOnFailure,
                [Diagnostics.Error("The control service gave no answer", error.Message)]
            );
        }
        catch (AnswerException error)
        {
            return new AppliedChange(stateOnFailure, [Diagnostics.Of(error, client.VersionAdvice)]);
        }
        catch (Exception error)
        {
            // A bug of ours: an exception that reached the host would lose the resource from state.
            return new AppliedChange(
                stateOnFailure,
                [
                    Diagnostics.Error(
                        "The provider failed",
                        $"{error.GetType().Name}: {error.Message}\nPlease report this."
                    ),
                ]
            );
        }
    }

    private static JsonObject Inputs(ResourceType type, Value.Map planned) =>
        RestJson.Terraform.WriteAll(type.Schema.Inputs, planned, "", []);

    private static string IdOf(Value.Map prior) =>
        (prior[ResourceType.Id] as Value.Text)?.Content
        ?? throw new InvalidDataException("The state holds no id; import the resource again.");
}
