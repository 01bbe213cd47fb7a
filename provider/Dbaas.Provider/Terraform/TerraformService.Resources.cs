using Dbaas.Provider.Connection;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;
using Google.Protobuf;

namespace Dbaas.Provider.Terraform;

/// <summary>The methods that concern one resource, data source or ephemeral resource.</summary>
internal sealed partial class TerraformService
{
    private readonly ResourcePlanner planner = new(session);
    private readonly ResourceApplier applier = new(session);
    private readonly ResourceImporter importer = new(session);
    private readonly FunctionReader reader = new(session);

    private async Task<IMessage> ReadAsync(
        ReadResource.Types.Request request,
        CancellationToken cancellationToken
    )
    {
        var type = resources.Value[request.TypeName];
        var response = new ReadResource.Types.Response
        {
            NewState = request.CurrentState,
            Private = request.Private,
        };
        if (
            Decode(type.Type, request.CurrentState) is not Value.Map prior
            || prior[ResourceType.Id] is not Value.Text id
        )
        {
            return response;
        }

        response.Diagnostics.AddRange(
            await GuardAsync(
                type.Schema.Inputs,
                async waiting =>
                {
                    var view = await session.RequiredReads.FindAsync(
                        type.Schema,
                        id.Content,
                        waiting
                    );
                    if (view is not null)
                    {
                        await session.RequiredAcknowledgements.InStateAsync(
                            type.Schema,
                            view,
                            waiting
                        );
                    }

                    response.NewState = Encode(
                        type.Type,
                        view is null ? Value.Null : ReadState.Of(type, view, prior)
                    );
                    // With the marker left in place, the create that follows a vanished resource would look like a replacement.
                    response.Private = view is null ? ByteString.Empty : ExistingMarker;
                    return [];
                },
                cancellationToken
            )
        );
        return response;
    }

    private async Task<IMessage> PlanAsync(
        PlanResourceChange.Types.Request request,
        CancellationToken cancellationToken
    )
    {
        var type = resources.Value[request.TypeName];
        var prior = Decode(type.Type, request.PriorState) as Value.Map;
        var response = new PlanResourceChange.Types.Response
        {
            PlannedState = request.ProposedNewState,
            PlannedPrivate = prior is null ? ByteString.Empty : ExistingMarker,
        };
        response.Diagnostics.AddRange(
            await GuardAsync(
                type.Schema.Inputs,
                async waiting =>
                {
                    if (Decode(type.Type, request.Config) is not Value.Map config)
                    {
                        return prior is null
                            ? []
                            : await planner.PlanDeleteAsync(type, prior, waiting);
                    }

                    var result = await planner.PlanAsync(
                        type,
                        config,
                        prior,
                        !request.PriorPrivate.IsEmpty,
                        waiting
                    );
                    response.PlannedState = Encode(type.Type, result.Planned);
                    return result.Diagnostics;
                },
                cancellationToken
            )
        );
        return response;
    }

    private async Task<IMessage> ApplyAsync(
        ApplyResourceChange.Types.Request request,
        CancellationToken cancellationToken
    )
    {
        var type = resources.Value[request.TypeName];
        var prior = Decode(type.Type, request.PriorState) as Value.Map;
        var planned = Decode(type.Type, request.PlannedState) as Value.Map;
        var config = Decode(type.Type, request.Config) as Value.Map;
        var response = new ApplyResourceChange.Types.Response { NewState = request.PriorState };
        response.Diagnostics.AddRange(
            await GuardAsync(
                type.Schema.Inputs,
                async _ =>
                {
                    var applied = (prior, planned) switch
                    {
                        (null, { } create) => await applier.CreateAsync(
                            type,
                            create,
                            cancellationToken
                        ),
                        ({ } before, null) => await applier.DeleteAsync(
                            type,
                            before,
                            cancellationToken
                        ),
                        ({ } before, { } after) => await applier.UpdateAsync(
                            type,
                            before,
                            after,
                            config ?? after,
                            cancellationToken
                        ),
                        _ => new AppliedChange(Value.Null, []),
                    };
                    response.NewState = Encode(type.Type, applied.State);
                    response.Private = applied.State.IsNull ? ByteString.Empty : ExistingMarker;
                    return applied.Diagnostics;
                },
                cancellationToken
            )
        );
        return response;
    }

    private async Task<IMessage> ImportAsync(
        ImportResourceState.Types.Request request,
        CancellationToken cancellationToken
    )
    {
        var type = resources.Value[request.TypeName];
        var response = new ImportResourceState.Types.Response();
        response.Diagnostics.AddRange(
            await GuardAsync(
                type.Schema.Inputs,
                async waiting =>
                {
                    var imported = await importer.ImportAsync(type, request.Id, waiting);
                    if (!imported.State.IsNull)
                    {
                        response.ImportedResources.Add(
                            new ImportResourceState.Types.ImportedResource
                            {
                                TypeName = type.Name,
                                State = Encode(type.Type, imported.State),
                                Private = ExistingMarker,
                            }
                        );
                    }

                    return imported.Diagnostics;
                },
                cancellationToken
            )
        );
        return response;
    }

    private async Task<IMessage> ReadDataAsync(
        ReadDataSource.Types.Request request,
        CancellationToken cancellationToken
    )
    {
        var type = functions.Value[request.TypeName];
        var response = new ReadDataSource.Types.Response();
        response.Diagnostics.AddRange(
            await GuardAsync(
                type.Schema.Inputs,
                async waiting =>
                {
                    response.State = Encode(
                        type.Type,
                        await CallAsync(type, request.Config, waiting)
                    );
                    return [];
                },
                cancellationToken
            )
        );
        return response;
    }

    private async Task<IMessage> OpenEphemeralAsync(
        OpenEphemeralResource.Types.Request request,
        CancellationToken cancellationToken
    )
    {
        var type = functions.Value[request.TypeName];
        var response = new OpenEphemeralResource.Types.Response();
        response.Diagnostics.AddRange(
            await GuardAsync(
                type.Schema.Inputs,
                async waiting =>
                {
                    response.Result = Encode(
                        type.Type,
                        await CallAsync(type, request.Config, waiting)
                    );
                    return [];
                },
                cancellationToken
            )
        );
        return response;
    }

    private async Task<Value> CallAsync(
        FunctionType type,
        DynamicValue config,
        CancellationToken cancellationToken
    ) => await reader.ReadAsync(type, (Value.Map)Decode(type.Type, config), cancellationToken);

    private async Task<IReadOnlyList<Diagnostic>> GuardAsync(
        IReadOnlyList<SchemaProperty> properties,
        Func<CancellationToken, Task<IReadOnlyList<Diagnostic>>> work,
        CancellationToken cancellationToken
    )
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            session.Stopping
        );
        try
        {
            return await work(waiting.Token);
        }
        catch (ServiceException error)
        {
            return [.. Diagnostics.Of(error, properties)];
        }
        catch (UnreachableException error)
        {
            return [Diagnostics.Error("The control service gave no answer", error.Message)];
        }
        catch (AnswerException error)
        {
            return [Diagnostics.Of(error, session.Client?.VersionAdvice ?? "")];
        }
        catch (OperationCanceledException)
        {
            return [Diagnostics.Error("Interrupted", "Nothing was changed by this call.")];
        }
        catch (Exception error)
        {
            // The host shows the text of a gRPC error to nobody, and drops state on one; so even a bug of ours is a diagnostic.
            return
            [
                Diagnostics.Error(
                    "The provider failed",
                    $"{error.GetType().Name}: {error.Message}\nPlease report this."
                ),
            ];
        }
    }
}
