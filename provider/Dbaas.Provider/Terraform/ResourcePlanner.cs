using Dbaas.Client.Planning;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>
/// Plans a change. Never asks for a replacement: what cannot be changed in place is an error that says how to go about it.
/// </summary>
internal sealed class ResourcePlanner(ProviderSession session)
{
    public async Task<PlannedChangeResult> PlanAsync(
        ResourceType type,
        Value.Map config,
        Value.Map? prior,
        bool hadPrivate,
        CancellationToken cancellationToken
    )
    {
        if (prior is null && hadPrivate && type.Schema.DataBearing)
        {
            // The second half of -replace or replace_triggered_by: no prior state, but the private data of the first half.
            return Refused(config, ReplacementRefused(type));
        }

        var shape = new PlannedState(type, session.Settings);
        var planned = shape.Of(config, prior);
        if (prior is not null)
        {
            if (!shape.Changed(planned, prior).Any())
            {
                return new PlannedChangeResult(planned, []);
            }

            if (ImmutableChanges(shape, planned, prior) is { Count: > 0 } refused)
            {
                return Refused(planned, [.. refused]);
            }
        }

        if (session.Client is not { } client)
        {
            return new PlannedChangeResult(planned, []);
        }

        List<string> unknown = [];
        var inputs = RestJson.Terraform.WriteAll(
            type.Schema.Inputs,
            shape.Sent(planned, config, exists: prior is not null),
            "",
            unknown
        );
        var forecast = await client.PlanAsync(
            new PlanRequest
            {
                Resource = type.Schema.Name,
                Action = prior is null ? "create" : "update",
                Id = (prior?[ResourceType.Id] as Value.Text)?.Content,
                Inputs = inputs,
                Unknown = unknown,
            },
            cancellationToken
        );
        if (prior is not null && forecast.Valid)
        {
            var inDoubt = shape.InDoubt(
                planned,
                prior,
                forecast.Changes.Select(change => change.Pointer)
            );
            if (
                inDoubt.Count > 0
                && prior[ResourceType.Id] is Value.Text id
                // With -refresh=false nobody has looked since the last run, and the state may be out of date.
                && await client.FindAsync(type.Schema, id.Content, cancellationToken) is { } view
            )
            {
                planned = shape.KeepUnchanged(planned, prior, view, inDoubt);
            }
        }

        return new PlannedChangeResult(planned, [.. Forecasts.Of(forecast, type.Schema.Inputs)]);
    }

    /// <summary>Asks whether a deletion would be refused, so that a destroy fails before it touches anything.</summary>
    public async Task<IReadOnlyList<Diagnostic>> PlanDeleteAsync(
        ResourceType type,
        Value.Map prior,
        CancellationToken cancellationToken
    )
    {
        if (session.Client is not { } client || prior[ResourceType.Id] is not Value.Text id)
        {
            return [];
        }

        try
        {
            var forecast = await client.PlanAsync(
                new PlanRequest
                {
                    Resource = type.Schema.Name,
                    Action = "delete",
                    Id = id.Content,
                },
                cancellationToken
            );
            return [.. Forecasts.Of(forecast, type.Schema.Inputs)];
        }
        catch (ServiceException error) when (error.Problem.Code == type.Schema.NotFound)
        {
            // A destroy that was interrupted goes on, and has ended between the refresh and this plan: there is nothing to tell.
            return [];
        }
    }

    private static List<Diagnostic> ImmutableChanges(
        PlannedState shape,
        Value.Map planned,
        Value.Map prior
    ) =>
        [
            .. shape
                .Changed(planned, prior)
                .Where(input =>
                    input.Immutable is not null
                    && Was(input, prior)
                    && !planned[NameOf(input)].IsUnknown
                )
                .Select(input =>
                    Diagnostics.Error(
                        $"{NameOf(input)} cannot be changed in place",
                        $"{input.Immutable}\nNothing is ever replaced because of a change.",
                        new AttributePath().Then(NameOf(input))
                    )
                ),
        ];

    private static bool Was(SchemaProperty input, Value.Map prior) => !prior[NameOf(input)].IsNull;

    private static string NameOf(SchemaProperty input) => TerraformNames.Attribute(input.Name);

    private static Diagnostic ReplacementRefused(ResourceType type) =>
        Diagnostics.Error(
            $"A {type.Name} is never replaced",
            "Replacing it would destroy its data. Run the plan without -replace and without replace_triggered_by. "
                + "To have a new one, declare it under another name, move the data, and then remove the old one."
        );

    private static PlannedChangeResult Refused(
        Value.Map planned,
        params IReadOnlyList<Diagnostic> diagnostics
    ) => new(planned, diagnostics);
}
