using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Client.Operations;

namespace Dbaas.Control.Http.Json;

/// <summary>Compares a JSON value with the type it is to become.</summary>
internal static class JsonShape
{
    /// <summary>
    /// Faults that are told. More help nobody, and a mebibyte of wrong members must not become an answer of a hundred.
    /// </summary>
    public const int MostFaults = 50;

    public static void Inspect(
        JsonNode? node,
        JsonTypeInfo type,
        string pointer,
        List<FieldProblem> faults
    )
    {
        // Free JSON (a merge patch) is judged by the feature that takes it.
        if (
            faults.Count >= MostFaults
            || node is null
            || typeof(JsonNode).IsAssignableFrom(type.Type)
        )
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when node is JsonObject members:
                Members(members, type, pointer, faults);
                break;
            case JsonTypeInfoKind.Dictionary when node is JsonObject entries:
                foreach (var (name, value) in entries.TakeWhile(_ => faults.Count < MostFaults))
                {
                    Element(value, type, pointer + "/" + Escape(name), faults);
                }

                break;
            case JsonTypeInfoKind.Enumerable when node is JsonArray items:
                for (var i = 0; i < items.Count && faults.Count < MostFaults; i++)
                {
                    Element(items[i], type, $"{pointer}/{i}", faults);
                }

                break;
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary:
                faults.Add(Wrong(pointer, "an object"));
                break;
            case JsonTypeInfoKind.Enumerable:
                faults.Add(Wrong(pointer, "an array"));
                break;
            default:
                if (Scalar(node, type.Type, pointer) is { } fault)
                {
                    faults.Add(fault);
                }

                break;
        }
    }

    private static void Members(
        JsonObject members,
        JsonTypeInfo type,
        string pointer,
        List<FieldProblem> faults
    )
    {
        foreach (var (name, value) in members)
        {
            if (faults.Count >= MostFaults)
            {
                return;
            }

            var at = pointer + "/" + Escape(name);
            var property = type.Properties.FirstOrDefault(p => p.Name == name);
            if (property is null && ReadOnlyMembers.Contains(type, name))
            {
                faults.Add(
                    new(at, "json.read_only", $"The platform sets {name}; leave it out.", "")
                );
            }
            else if (property is null)
            {
                var nearest = NearestName.Among(type.Properties.Select(p => p.Name), name);
                faults.Add(
                    new(
                        at,
                        "json.unknown_member",
                        nearest is null
                            ? $"There is no member '{Printable.Of(name)}'."
                            : $"There is no member '{Printable.Of(name)}'. Did you mean '{nearest}'?",
                        nearest ?? string.Join(", ", type.Properties.Select(p => p.Name))
                    )
                );
            }
            else if (value is null)
            {
                if (property.IsRequired)
                {
                    faults.Add(new(at, "json.required", "null is no value here.", ""));
                }
            }
            else
            {
                Inspect(value, type.Options.GetTypeInfo(property.PropertyType), at, faults);
            }
        }

        foreach (var property in type.Properties.Where(p => p.IsRequired))
        {
            if (!members.ContainsKey(property.Name))
            {
                faults.Add(
                    new(
                        pointer + "/" + property.Name,
                        "json.required",
                        $"The member '{property.Name}' is missing.",
                        ""
                    )
                );
            }
        }
    }

    private static void Element(
        JsonNode? value,
        JsonTypeInfo type,
        string pointer,
        List<FieldProblem> faults
    )
    {
        if (value is null)
        {
            faults.Add(new(pointer, "json.type", "null is no value here.", ""));
        }
        else if (type.ElementType is { } element)
        {
            Inspect(value, type.Options.GetTypeInfo(element), pointer, faults);
        }
    }

    private static FieldProblem? Scalar(JsonNode node, Type type, string pointer)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var kind = node.GetValueKind();
        if (type == typeof(bool))
        {
            return kind is JsonValueKind.True or JsonValueKind.False
                ? null
                : Wrong(pointer, "true or false");
        }

        if (type == typeof(int) || type == typeof(long))
        {
            var (least, most) =
                type == typeof(int)
                    ? ((decimal)int.MinValue, (decimal)int.MaxValue)
                    : (long.MinValue, long.MaxValue);
            return Integer(node, kind, least, most, pointer);
        }

        if (type == typeof(double) || type == typeof(decimal))
        {
            return kind != JsonValueKind.Number ? Wrong(pointer, "a number")
                : type == typeof(double)
                    && (!node.AsValue().TryGetValue(out double d) || !double.IsFinite(d))
                || type == typeof(decimal) && !node.AsValue().TryGetValue(out decimal _)
                    ? new(pointer, "json.range", "The number is too large.", "")
                : null;
        }

        if (type == typeof(DateTimeOffset))
        {
            return kind == JsonValueKind.String && node.AsValue().TryGetValue(out DateTimeOffset _)
                ? null
                : Wrong(pointer, "an RFC 3339 time with zone");
        }

        return kind == JsonValueKind.String ? null : Wrong(pointer, "a string");
    }

    /// <summary>Digits only: 10.0, 1e2 and -0 are numbers but not spelt as integers, and guessing would hide a mistake.</summary>
    private static FieldProblem? Integer(
        JsonNode node,
        JsonValueKind kind,
        decimal least,
        decimal most,
        string pointer
    )
    {
        var text = kind == JsonValueKind.Number ? node.ToJsonString() : "";
        if (text.Length == 0 || text == "-0" || text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return Wrong(pointer, "an integer");
        }

        return
            text.Length <= 20
            && decimal.TryParse(
                text,
                System.Globalization.NumberStyles.AllowLeadingSign,
                System.Globalization.CultureInfo.InvariantCulture,
                out var value
            )
            && value >= least
            && value <= most
            ? null
            : new(pointer, "json.range", "The integer is out of range.", $"{least} to {most}");
    }

    private static FieldProblem Wrong(string pointer, string wanted) =>
        new(pointer, "json.type", $"Send {wanted}.", wanted);

    private static string Escape(string name) =>
        Printable
            .Of(name)
            .Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal);
}
