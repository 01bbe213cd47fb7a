using Dbaas.Provider.Inputs;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Diffs;

/// <summary>Compares two bare values by what they mean: sets have no order, and an absent member means its default.</summary>
internal static class ValueDifferences
{
    public static bool AreSame(SchemaProperty property, Value before, Value after) =>
        !Between(property, before, after, InputPath.Root).Any();

    public static IEnumerable<Difference> Between(
        SchemaProperty property,
        Value before,
        Value after,
        InputPath path
    )
    {
        switch (before, after)
        {
            case (Value.NullValue, Value.NullValue):
                return [];
            case (Value.NullValue, _):
                return [new(path, DifferenceKind.Add)];
            case (_, Value.NullValue):
                return [new(path, DifferenceKind.Delete)];
            case (Value.Map old, Value.Map wanted) when property.Type.Kind == PropertyKind.Object:
                return property.Type.Properties.SelectMany(member =>
                    Between(
                        member,
                        OrDefault(member, old[member.Name]),
                        OrDefault(member, wanted[member.Name]),
                        path.Then(new InputStep.Member(member.Name))
                    )
                );
            case (Value.Map old, Value.Map wanted):
                return old
                    .Members.Keys.Union(wanted.Members.Keys, StringComparer.Ordinal)
                    .SelectMany(key =>
                        Between(
                            property.Type.Element ?? property,
                            old[key],
                            wanted[key],
                            path.Then(new InputStep.Key(key))
                        )
                    );
            case (Value.List old, Value.List wanted) when property.IsSet:
                return SetDifferences(old, wanted, path);
            case (Value.List old, Value.List wanted):
                return Enumerable
                    .Range(0, Math.Max(old.Items.Count, wanted.Items.Count))
                    .SelectMany(index =>
                        Between(
                            property.Type.Element ?? property,
                            At(old, index),
                            At(wanted, index),
                            path.Then(new InputStep.Index(index, OfSet: false))
                        )
                    );
            case (Value.Unknown, _) or (_, Value.Unknown):
                return [new(path, DifferenceKind.Update)];
            default:
                return before.Equals(after) ? [] : [new(path, DifferenceKind.Update)];
        }
    }

    private static IEnumerable<Difference> SetDifferences(
        Value.List old,
        Value.List wanted,
        InputPath path
    )
    {
        var had = old.Items.ToHashSet();
        var wants = wanted.Items.ToHashSet();
        for (var index = 0; index < old.Items.Count; index++)
        {
            if (!wants.Contains(old.Items[index]))
            {
                yield return Element(index, DifferenceKind.Delete);
            }
        }

        for (var index = 0; index < wanted.Items.Count; index++)
        {
            if (wanted.Items[index].IsUnknown || !had.Contains(wanted.Items[index]))
            {
                yield return Element(index, DifferenceKind.Add);
            }
        }

        Difference Element(int index, DifferenceKind kind) =>
            new(path.Then(new InputStep.Index(index, OfSet: true)), kind);
    }

    private static Value OrDefault(SchemaProperty member, Value value) =>
        value.IsNull && member.Default is { } standard
            ? RestJson.Plain.Read(member, standard)
            : value;

    private static Value At(Value.List list, int index) =>
        index < list.Items.Count ? list.Items[index] : Value.Null;
}
