namespace Dbaas.Provider.Translation;

/// <summary>Compares values by what they mean under their type: the order of a set means nothing.</summary>
internal static class ValueEquality
{
    public static bool Same(ValueShape type, Value left, Value right) =>
        (type, left, right) switch
        {
            (ValueShape.List list, Value.List a, Value.List b) when list.IsSet => a.Items.Count
                == b.Items.Count
                && a.Items.All(item => b.Items.Any(other => Same(list.Element, item, other)))
                && b.Items.All(item => a.Items.Any(other => Same(list.Element, item, other))),
            (ValueShape.List list, Value.List a, Value.List b) => a.Items.Count == b.Items.Count
                && a.Items.Zip(b.Items).All(pair => Same(list.Element, pair.First, pair.Second)),
            (ValueShape.Map map, Value.Map a, Value.Map b) => a.Members.Count == b.Members.Count
                && a.Members.All(member =>
                    b.Members.TryGetValue(member.Key, out var theirs)
                    && Same(map.Element, member.Value, theirs)
                ),
            (ValueShape.Object @object, Value.Map a, Value.Map b) => @object.Attributes.All(
                attribute => Same(attribute.Value, a[attribute.Key], b[attribute.Key])
            ),
            _ => left.Equals(right),
        };
}
