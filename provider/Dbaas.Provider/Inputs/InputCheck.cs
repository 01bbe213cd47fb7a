using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Inputs;

/// <summary>
/// What the schema itself can say about inputs: types, patterns, ranges, enumerations. It runs without any connection and passes over
/// what is unknown yet; the rest is judged by the control service when planning. Texts never hold a secret.
/// </summary>
/// <param name="nameOf">How the tool writes a property.</param>
internal sealed partial class InputCheck(Func<string, string> nameOf)
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(200);

    // A wrong value is repeated in the message up to here; a megabyte of it helps nobody.
    private const int LongestQuote = 200;

    /// <summary>Checks the members of an object that are there.</summary>
    public IEnumerable<InputFinding> Members(
        IEnumerable<SchemaProperty> properties,
        Value.Map values,
        InputPath path,
        bool secret = false
    ) =>
        properties.SelectMany(property =>
            Judge(
                property,
                nameOf(property.Name),
                values[nameOf(property.Name)],
                path.Then(new InputStep.Member(property.Name)),
                secret
            )
        );

    private IEnumerable<InputFinding> Judge(
        SchemaProperty property,
        string name,
        Value value,
        InputPath path,
        bool secret
    ) =>
        (property.Type.Kind, value) switch
        {
            (_, Value.Secret hidden) => Judge(property, name, hidden.Content, path, secret: true),
            (_, Value.Unknown) => [],
            (_, Value.NullValue) => path.Steps[^1] is InputStep.Member
                ? []
                : [new(path, $"{name} holds a null", "Leave the element out instead.", secret)],
            (_, Value.Foreign foreign) =>
            [
                new(
                    path,
                    $"{name} cannot be {foreign.What}",
                    $"Allowed: {Kind(property)}.",
                    secret
                ),
            ],
            (PropertyKind.String, Value.Text text) => Text(
                property,
                name,
                text.Content,
                path,
                secret || property.Secret
            ),
            (PropertyKind.Integer or PropertyKind.Number, Value.Number number) => Number(
                property,
                name,
                number.Digits,
                path,
                secret || property.Secret
            ),
            (PropertyKind.Boolean, Value.Bool) => [],
            (PropertyKind.Array, Value.List list) when list.Items.Count > property.MaximumItems =>
            [
                TooMany(property, name, list.Items.Count, path, secret),
            ],
            (PropertyKind.Map, Value.Map map) when map.Members.Count > property.MaximumItems =>
            [
                TooMany(property, name, map.Members.Count, path, secret),
            ],
            (PropertyKind.Array, Value.List list) => list.Items.SelectMany(
                (item, index) =>
                    Judge(
                        property.Type.Element!,
                        name,
                        item,
                        path.Then(new InputStep.Index(index, property.IsSet)),
                        secret
                    )
            ),
            (PropertyKind.Map, Value.Map map) => map.Members.SelectMany(member =>
                Judge(
                    property.Type.Element!,
                    name,
                    member.Value,
                    path.Then(new InputStep.Key(member.Key)),
                    secret
                )
            ),
            (PropertyKind.Object, Value.Map members) => Object(property, members, path, secret),
            _ =>
            [
                new(
                    path,
                    $"{name} cannot be {Kind(value)}",
                    $"Allowed: {Kind(property)}.",
                    secret || property.Secret
                ),
            ],
        };

    private IEnumerable<InputFinding> Object(
        SchemaProperty property,
        Value.Map members,
        InputPath path,
        bool secret
    )
    {
        foreach (
            var missing in property.Type.Properties.Where(member =>
                member.Required && members[nameOf(member.Name)].IsNull
            )
        )
        {
            yield return new(
                path.Then(new InputStep.Member(missing.Name)),
                $"{nameOf(missing.Name)} is missing",
                missing.Description,
                secret
            );
        }

        foreach (var finding in Unexpected(property.Type.Properties, members, path, secret))
        {
            yield return finding;
        }

        foreach (var finding in Members(property.Type.Properties, members, path, secret))
        {
            yield return finding;
        }
    }

    /// <summary>Members the schema does not know.</summary>
    public IEnumerable<InputFinding> Unexpected(
        IReadOnlyList<SchemaProperty> properties,
        Value.Map members,
        InputPath path,
        bool secret = false
    )
    {
        var known = properties
            .Select(property => nameOf(property.Name))
            .ToHashSet(StringComparer.Ordinal);
        return members
            .Members.Keys.Where(name => !known.Contains(name))
            .Select(name => new InputFinding(
                path.Then(new InputStep.Member(name)),
                "There is no such property",
                $"Known are {string.Join(", ", known)}.",
                // Nobody said what it holds, so nobody shows it.
                IsSecret: true
            ));
    }

    private static IEnumerable<InputFinding> Text(
        SchemaProperty property,
        string name,
        string text,
        InputPath path,
        bool secret
    )
    {
        if (
            property.Type.Enum.Count > 0
            && property.Type.Enum.All(allowed => allowed.Value != text)
        )
        {
            var allowed = string.Join(", ", property.Type.Enum.Select(value => value.Value));
            yield return new(
                path,
                $"{name} cannot be {Quote(text, secret)}",
                $"Allowed: {allowed}.",
                secret
            );
        }
        else if (property.Pattern is { } pattern && !Matches(text, pattern))
        {
            yield return new(
                path,
                $"{name} cannot be {Quote(text, secret)}",
                property.Description,
                secret
            );
        }
    }

    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, PatternTimeout);
        }
        catch (RegexMatchTimeoutException)
        {
            // Nothing that fits one of our patterns takes so long.
            return false;
        }
    }

    private static IEnumerable<InputFinding> Number(
        SchemaProperty property,
        string name,
        string digits,
        InputPath path,
        bool secret
    )
    {
        var unit = property.Unit is null ? "" : " " + property.Unit;
        var shown = secret ? "this number" : digits;
        if (
            property.Type.Kind == PropertyKind.Integer
            && digits.Contains('.', StringComparison.Ordinal)
        )
        {
            yield return new(
                path,
                $"{name} cannot be {shown}",
                $"Allowed: whole numbers{unit}.",
                secret
            );
        }
        else if (
            !decimal.TryParse(
                digits,
                NumberStyles.Number,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number < property.Minimum
            || number > property.Maximum
        )
        {
            yield return new(
                path,
                $"{name} cannot be {shown}",
                $"Allowed: {Range(property)}{unit}{Note(property)}.",
                secret
            );
        }
    }

    private static string Note(SchemaProperty property) =>
        property.RangeNote is { } note ? ", " + note : "";

    private static string Quote(string text, bool secret) =>
        secret ? "this secret"
        : text.Length > LongestQuote
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"'{text[..LongestQuote]}…' ({text.Length} characters)"
            )
        : $"'{text}'";

    private static string Kind(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.String => "a string",
            PropertyKind.Integer => "a whole number",
            PropertyKind.Number => "a number",
            PropertyKind.Boolean => "true or false",
            PropertyKind.Array => "a list",
            _ => "an object",
        };

    private static string Kind(Value value) =>
        value switch
        {
            Value.Text => "a string",
            Value.Number => "a number",
            Value.Bool => "true or false",
            Value.List => "a list",
            _ => "an object",
        };

    private static string Range(SchemaProperty property) =>
        (property.Minimum, property.Maximum) switch
        {
            ({ } least, { } most) => string.Create(
                CultureInfo.InvariantCulture,
                $"{least} to {most}"
            ),
            ({ } least, null) => string.Create(CultureInfo.InvariantCulture, $"{least} or more"),
            (null, { } most) => string.Create(CultureInfo.InvariantCulture, $"{most} or less"),
            _ => "numbers of up to 28 digits",
        };
}
