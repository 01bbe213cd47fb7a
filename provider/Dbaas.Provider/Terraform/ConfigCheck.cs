using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>
/// What the schema itself can say about a configuration: patterns, ranges, enumerations. It runs without any connection and passes over
/// what is unknown yet; the rest is judged by the control service when planning.
/// </summary>
internal static class ConfigCheck
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(200);

    public static IEnumerable<Diagnostic> Check(
        IEnumerable<SchemaProperty> properties,
        Value.Map config
    ) => CheckMembers(properties, config, new AttributePath());

    private static IEnumerable<Diagnostic> CheckMembers(
        IEnumerable<SchemaProperty> properties,
        Value.Map values,
        AttributePath path
    ) =>
        properties.SelectMany(property =>
        {
            var name = TerraformNames.Attribute(property.Name);
            // Members of nested attributes keep the outer path: only that one leads the host to a line.
            return CheckValue(
                property,
                name,
                values[name],
                path.Steps.Count == 0 ? path.Then(name) : path
            );
        });

    private static IEnumerable<Diagnostic> CheckValue(
        SchemaProperty property,
        string name,
        Value value,
        AttributePath path
    ) =>
        value switch
        {
            Value.Text text => CheckText(property, name, text.Content, path),
            Value.Number number => CheckNumber(property, name, number.Digits, path),
            Value.List list => list.Items.SelectMany(
                (item, index) =>
                    // The path of an element of a set cannot be expressed; the set's own is the nearest.
                    CheckValue(
                        property.Type.Element!,
                        name,
                        item,
                        property.IsSet ? path : path.ThenIndex(index)
                    )
            ),
            Value.Map members when property.Type.Kind == PropertyKind.Object => CheckMembers(
                property.Type.Properties,
                members,
                path
            ),
            Value.Map members => members.Members.SelectMany(member =>
                CheckValue(property.Type.Element!, name, member.Value, path.ThenKey(member.Key))
            ),
            Value.NullValue
                when path.Steps[^1].SelectorCase
                    != AttributePath.Types.Step.SelectorOneofCase.AttributeName =>
            [
                Diagnostics.Error($"{name} holds a null", "Leave the element out instead.", path),
            ],
            _ => [],
        };

    private static IEnumerable<Diagnostic> CheckText(
        SchemaProperty property,
        string name,
        string text,
        AttributePath path
    )
    {
        if (
            property.Type.Enum.Count > 0
            && property.Type.Enum.All(allowed => allowed.Value != text)
        )
        {
            var allowed = string.Join(", ", property.Type.Enum.Select(value => value.Value));
            yield return Diagnostics.Error(
                $"{name} cannot be '{text}'",
                $"Allowed: {allowed}.",
                path
            );
        }
        else if (
            property.Pattern is { } pattern
            && !Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, PatternTimeout)
        )
        {
            yield return Diagnostics.Error(
                $"{name} cannot be '{text}'",
                property.Description,
                path
            );
        }
    }

    private static IEnumerable<Diagnostic> CheckNumber(
        SchemaProperty property,
        string name,
        string digits,
        AttributePath path
    )
    {
        var unit = property.Unit is null ? "" : " " + property.Unit;
        if (
            property.Type.Kind == PropertyKind.Integer
            && digits.Contains('.', StringComparison.Ordinal)
        )
        {
            yield return Diagnostics.Error(
                $"{name} cannot be {digits}",
                $"Allowed: whole numbers{unit}.",
                path
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
            yield return Diagnostics.Error(
                $"{name} cannot be {digits}",
                $"Allowed: {Range(property)}{unit}.",
                path
            );
        }
    }

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
