using System.Text.Json.Nodes;
using Dbaas.Provider.Pulumi.Diffs;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>
/// The outputs of a resource. Where the declared value still holds it stays as declared, to the letter and with its marks, so that only
/// real differences show up as changes.
/// </summary>
internal static class ResourceState
{
    /// <summary>Outputs after a change or a read.</summary>
    /// <param name="resource">The kind of resource.</param>
    /// <param name="view">What the service shows.</param>
    /// <param name="declared">Inputs, with their marks.</param>
    public static Value.Map Of(ResourceSchema resource, JsonObject view, Value.Map declared)
    {
        var actual = RestJson.Plain.ReadAll([.. resource.Inputs, .. resource.Outputs], view);
        var secrets = new Redaction([declared]);
        return Value.Object([
            .. resource.Inputs.Select(input =>
                KeyValuePair.Create(
                    input.Name,
                    Protect(
                        input,
                        Holds(input, declared[input.Name].Bare(), actual)
                            ? Complete(input, declared[input.Name])
                            : actual[input.Name].MarkedLike(declared[input.Name])
                    )
                )
            ),
            .. resource.Outputs.Select(output =>
                KeyValuePair.Create(output.Name, Protect(output, secrets.Mark(actual[output.Name])))
            ),
        ]);
    }

    /// <summary>Outputs as far as they can be known before the change.</summary>
    /// <param name="resource">The kind of resource.</param>
    /// <param name="desired">Whole inputs, with their marks; null where the platform will choose.</param>
    /// <param name="olds">Outputs before, with their marks; null for a create.</param>
    public static Value.Map Preview(ResourceSchema resource, Value.Map desired, Value.Map? olds)
    {
        var secrets = new Redaction([desired]);
        return Value.Object([
            .. resource.Inputs.Select(input =>
                KeyValuePair.Create(
                    input.Name,
                    desired[input.Name].IsNull
                        ? Protect(input, Value.Unknown.Plain)
                        : Protect(input, Complete(input, desired[input.Name]))
                )
            ),
            .. resource.Outputs.Select(output =>
                KeyValuePair.Create(
                    output.Name,
                    Protect(
                        output,
                        output.Volatile || olds is null || olds[output.Name].IsNull
                            ? Value.Unknown.Plain
                            // Marked for what is secret now, as the answer to the change will be.
                            : secrets.Mark(olds[output.Name].Bare())
                    )
                )
            ),
        ]);
    }

    /// <summary>Inputs as they should be declared for what is there: the declared ones that hold, and what differs from the default.</summary>
    /// <param name="resource">The kind of resource.</param>
    /// <param name="view">What the service shows.</param>
    /// <param name="declared">Inputs until now, with their marks; null for something that is taken in.</param>
    public static Value.Map InputsOf(ResourceSchema resource, JsonObject view, Value.Map? declared)
    {
        var actual = RestJson.Plain.ReadAll([.. resource.Inputs, .. resource.Outputs], view);
        return Value.Object(
            resource
                .Inputs.Select(input =>
                    KeyValuePair.Create(
                        input.Name,
                        declared is null
                            ? Imported(input, actual)
                            : Refreshed(input, declared[input.Name], actual)
                    )
                )
                .Where(input => !input.Value.IsNull)
        );
    }

    private static Value Imported(SchemaProperty input, Value.Map actual)
    {
        var now = actual[input.Name];
        return
            input.Default is { } standard
            && ValueDifferences.AreSame(input, RestJson.Plain.Read(input, standard), now)
            ? Value.Null
            : Protect(input, now);
    }

    private static Value Refreshed(SchemaProperty input, Value declared, Value.Map actual)
    {
        if (declared.IsNull)
        {
            // Not declared: of interest only where declaring nothing means the default, and that is no longer so.
            return input.Default is not null ? Imported(input, actual) : Value.Null;
        }

        return Holds(input, declared.Bare(), actual)
            ? declared
            : Protect(input, actual[input.Name].MarkedLike(declared));
    }

    private static bool Holds(SchemaProperty input, Value declared, Value.Map actual) =>
        !declared.IsNull
        && declared.IsWhollyKnown
        && (
            ValueDifferences.AreSame(input, declared, actual[input.Name])
            || input.Floor is { } floor && Floors.IsMet(actual[floor], declared)
        );

    private static Value Protect(SchemaProperty property, Value value) =>
        property.Secret && !value.IsNull && value is not Value.Secret
            ? new Value.Secret(value)
            : value;

    /// <summary>Members of an object that were left out are there with their defaults.</summary>
    private static Value Complete(SchemaProperty property, Value value) =>
        (property.Type.Kind, value) switch
        {
            (_, Value.Secret secret) => new Value.Secret(Complete(property, secret.Content)),
            (PropertyKind.Object, Value.Map members) => Value.Object(
                property
                    .Type.Properties.Select(member =>
                        KeyValuePair.Create(
                            member.Name,
                            members[member.Name].IsNull && member.Default is { } standard
                                ? RestJson.Plain.Read(member, standard)
                                : Complete(member, members[member.Name])
                        )
                    )
                    .Where(member => !member.Value.IsNull)
            ),
            _ => value,
        };
}
