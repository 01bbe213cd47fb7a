using System.Text.Json.Nodes;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>
/// Works out what a resource will look like, without asking anyone: a pure function of configuration, prior state and provider
/// settings, because the host calls plan at least twice and wants the same answer.
/// </summary>
internal sealed class PlannedState(ResourceType type, IReadOnlyDictionary<string, string> settings)
{
    /// <summary>The resource after the change; <paramref name="prior"/> is null for a create.</summary>
    public Value.Map Of(Value.Map config, Value.Map? prior)
    {
        var planned = Inputs(config, prior);
        return Outputs(planned, prior, changed: prior is null || Changed(planned, prior).Any());
    }

    /// <summary>Inputs that differ from the prior state, or whose value is not known yet.</summary>
    public IEnumerable<SchemaProperty> Changed(Value.Map planned, Value.Map prior) =>
        type.Schema.Inputs.Where(input => !IsSame(input, planned, prior));

    /// <summary>
    /// Inputs that differ from the prior state although the service says that nothing changes: another spelling, a satisfied floor, or a
    /// state that is older than the resource.
    /// </summary>
    public IReadOnlyList<SchemaProperty> InDoubt(
        Value.Map planned,
        Value.Map prior,
        IEnumerable<string> changedPointers
    )
    {
        var changed = changedPointers
            .Select(pointer => pointer.Split('/', 3)[1])
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Changed(planned, prior)
                .Where(input =>
                {
                    var name = TerraformNames.Attribute(input.Name);
                    // Terraform accepts the prior value for a configured attribute only where there was one.
                    return !changed.Contains(input.Name)
                        && planned[name].IsWhollyKnown
                        && !prior[name].IsNull;
                }),
        ];
    }

    /// <summary>
    /// Takes the prior value where it still means what is there. Where it does not, somebody else has made the planned value true since,
    /// and the prior one would undo that.
    /// </summary>
    /// <param name="planned">The resource after the change, as configured.</param>
    /// <param name="prior">Its state.</param>
    /// <param name="view">What the service shows now.</param>
    /// <param name="inDoubt">Inputs that the service calls unchanged.</param>
    public Value.Map KeepUnchanged(
        Value.Map planned,
        Value.Map prior,
        JsonObject view,
        IEnumerable<SchemaProperty> inDoubt
    )
    {
        var read = ReadState.Of(type, view, prior);
        var shown = ReadState.Of(type, view, prior: null);
        var kept = planned;
        foreach (
            var input in inDoubt.Where(input =>
                IsSame(input, read, prior)
                // A read keeps a lower floor that is met, but the service would lower the one somebody raised.
                && !IsSame(input, shown, planned)
            )
        )
        {
            var name = TerraformNames.Attribute(input.Name);
            kept = kept.With(name, prior[name]);
        }

        return Outputs(kept, prior, Changed(kept, prior).Any());
    }

    /// <summary>
    /// What to send, to be judged and to be carried out. Inputs that the platform chooses are absent: not unknown, and of what exists not
    /// as the state has them, because somebody may have chosen anew since. The service then keeps what it has.
    /// </summary>
    /// <param name="planned">The resource after the change.</param>
    /// <param name="config">What is declared.</param>
    /// <param name="exists">Not for a create, in which the provider block's choice has to be told.</param>
    public Value.Map Sent(Value.Map planned, Value.Map config, bool exists) =>
        Value.Object(
            type.Schema.Inputs.Select(input =>
            {
                var name = TerraformNames.Attribute(input.Name);
                var isLeftOpen =
                    config[name].IsNull
                    && (planned[name].IsUnknown || exists && IsChosenByPlatform(input));
                return KeyValuePair.Create(name, isLeftOpen ? Value.Null : planned[name]);
            })
        );

    private Value.Map Inputs(Value.Map config, Value.Map? prior)
    {
        var planned = type.Schema.Inputs.Select(input =>
        {
            var name = TerraformNames.Attribute(input.Name);
            var before = prior?[name] ?? Value.Null;
            var desired = Desired(input, config[name], before);
            return KeyValuePair.Create(
                name,
                ValueEquality.Same(SchemaTypes.Of(input), desired, before) ? before : desired
            );
        });
        return Value.Object([
            .. planned,
            KeyValuePair.Create(Timeouts.Attribute, config[Timeouts.Attribute]),
        ]);
    }

    private Value.Map Outputs(Value.Map planned, Value.Map? prior, bool changed)
    {
        var outputs = type.Schema.Outputs.Select(output =>
        {
            var name = TerraformNames.Attribute(output.Name);
            var stays = prior is not null && !(changed && output.Volatile);
            return KeyValuePair.Create(name, stays ? prior![name] : Value.Unknown.Plain);
        });
        var id = prior is null ? Value.Unknown.Plain : prior[ResourceType.Id];
        return Value.Object([
            .. planned.Members,
            .. outputs,
            KeyValuePair.Create(ResourceType.Id, id),
        ]);
    }

    private Value Desired(SchemaProperty input, Value config, Value prior)
    {
        if (config.IsNull)
        {
            return Absent(input, prior);
        }

        if (config is not Value.Map members || input.Type.Kind != PropertyKind.Object)
        {
            return config is Value.Unknown ? Value.Unknown.Plain : config;
        }

        var before = prior as Value.Map;
        return Value.Object(
            input.Type.Properties.Select(member =>
            {
                var name = TerraformNames.Attribute(member.Name);
                return KeyValuePair.Create(
                    name,
                    Desired(member, members[name], before?[name] ?? Value.Null)
                );
            })
        );
    }

    private Value Absent(SchemaProperty input, Value prior)
    {
        if (input.Default is { } standard)
        {
            return RestJson.Terraform.Read(input, standard);
        }

        // What the platform or the provider block once chose stays: a changed provider setting must not move a database.
        if ((input.Computed || input.ProviderDefault is not null) && !prior.IsNull)
        {
            return prior;
        }

        return input.ProviderDefault is { } setting && settings.TryGetValue(setting, out var value)
                ? new Value.Text(value)
            : input.Computed ? Value.Unknown.Plain
            : Value.Null;
    }

    private static bool IsChosenByPlatform(SchemaProperty input) =>
        input.Computed && input.Default is null;

    private static bool IsSame(SchemaProperty input, Value.Map planned, Value.Map prior)
    {
        var name = TerraformNames.Attribute(input.Name);
        return ValueEquality.Same(SchemaTypes.Of(input), planned[name], prior[name]);
    }
}
