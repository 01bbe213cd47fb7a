using Dbaas.Provider.Inputs;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Pulumi.Values;

/// <summary>Takes the marks of secrets off for work, and puts them back on what comes of it.</summary>
internal static class Secrets
{
    extension(Value value)
    {
        /// <summary>The value without any mark.</summary>
        public Value Bare() =>
            value switch
            {
                Value.Secret secret => secret.Content.Bare(),
                Value.List list => new Value.List([.. list.Items.Select(item => item.Bare())]),
                Value.Map map => map.BareMembers(),
                _ => value,
            };

        /// <summary>Whether there is a mark anywhere in it.</summary>
        public bool HoldsSecret() =>
            value switch
            {
                Value.Secret => true,
                Value.List list => list.Items.Any(item => item.HoldsSecret()),
                Value.Map map => map.Members.Values.Any(member => member.HoldsSecret()),
                _ => false,
            };

        /// <summary>A way into this value as far as the first mark on it.</summary>
        public InputPath UpToSecret(InputPath path)
        {
            var here = value;
            for (var length = 0; length < path.Steps.Count; length++)
            {
                if (here is Value.Secret)
                {
                    return new InputPath([.. path.Steps.Take(length)]);
                }

                here = (here, path.Steps[length]) switch
                {
                    (Value.Map map, InputStep.Member member) => map[member.Name],
                    (Value.Map map, InputStep.Key key) => map[key.Name],
                    (Value.List list, InputStep.Index index)
                        when index.Position < list.Items.Count => list.Items[index.Position],
                    _ => Value.Null,
                };
            }

            return path;
        }

        /// <summary>
        /// Marks this bare value as <paramref name="pattern"/> is marked. Where the two differ in shape so that a mark has no place of its
        /// own, the whole is marked: too much hidden harms nobody.
        /// </summary>
        public Value MarkedLike(Value pattern) =>
            (value, pattern) switch
            {
                (Value.Secret, _) => value,
                (_, Value.Secret) => new Value.Secret(value),
                _ when !pattern.HoldsSecret() => value,
                (Value.Map map, Value.Map marks) => Value.Object(
                    map.Members.Select(member =>
                        KeyValuePair.Create(member.Key, member.Value.MarkedLike(marks[member.Key]))
                    )
                ),
                (Value.List list, Value.List marks) when list.Equals(marks.Bare()) =>
                    new Value.List([
                        .. list.Items.Zip(marks.Items, (item, mark) => item.MarkedLike(mark)),
                    ]),
                _ => new Value.Secret(value),
            };
    }

    extension(Value.Map map)
    {
        /// <summary>The object without any mark.</summary>
        public Value.Map BareMembers() =>
            Value.Object(
                map.Members.Select(member => KeyValuePair.Create(member.Key, member.Value.Bare()))
            );

        /// <summary>Declared values, marked also where the outputs of the same name are.</summary>
        public Value.Map MarkedLikeOutputs(Value.Map outputs) =>
            Value.Object(
                map.Members.Select(member =>
                    KeyValuePair.Create(
                        member.Key,
                        outputs[member.Key].HoldsSecret() && !member.Value.HoldsSecret()
                            ? member.Value.MarkedLike(outputs[member.Key])
                            : member.Value
                    )
                )
            );
    }
}
