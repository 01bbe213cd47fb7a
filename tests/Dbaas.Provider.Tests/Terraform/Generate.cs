using System.Globalization;
using CsCheck;
using Dbaas.Provider.Terraform;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>Values that fit a schema.</summary>
internal static class Generate
{
    public static Gen<Value> Valid(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.String when property.Type.Enum.Count > 0 => Gen.OneOfConst([
                .. property.Type.Enum.Select(value => (Value)new Value.Text(value.Value)),
            ]),
            PropertyKind.String => Gen.String[Gen.Char.AlphaNumeric, 1, 12]
                .Select(text => (Value)new Value.Text(text)),
            PropertyKind.Boolean => Gen.Bool.Select(flag => (Value)new Value.Bool(flag)),
            PropertyKind.Integer => Gen.Int[1, 5000].Select(number => Number(number)),
            PropertyKind.Number => Gen.Int[1, 400].Select(number => Number(number / 4m)),
            PropertyKind.Array => Valid(property.Type.Element!)
                .Array[0, 4]
                .Select(items => (Value)new Value.List([.. items.Distinct()])),
            PropertyKind.Map => Gen.Dictionary(
                    Gen.String[Gen.Char.AlphaNumeric, 1, 5],
                    Valid(property.Type.Element!)
                )[0, 4]
                .Select(members => (Value)Value.Object(members)),
            _ => Gen.Const(() => Middle(property)),
        };

    /// <summary>The state of a resource, with one plausible value everywhere.</summary>
    public static Value.Map State(ResourceType type) =>
        Value.Object([
            .. type.Properties.Select(property =>
                KeyValuePair.Create(TerraformNames.Attribute(property.Name), Middle(property))
            ),
            KeyValuePair.Create("id", (Value)new Value.Text("ins_1")),
            KeyValuePair.Create("timeouts", Value.Null),
        ]);

    /// <summary>The configuration that made that state.</summary>
    public static Value.Map Config(ResourceType type) =>
        Value.Object(
            type.Schema.Inputs.Select(property =>
                KeyValuePair.Create(TerraformNames.Attribute(property.Name), Middle(property))
            )
        );

    private static Value Middle(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.String => new Value.Text(
                property.Type.Enum.Count > 0 ? property.Type.Enum[0].Value : "x"
            ),
            PropertyKind.Boolean => new Value.Bool(true),
            PropertyKind.Array => new Value.List([Middle(property.Type.Element!)]),
            PropertyKind.Map => Value.Object([
                KeyValuePair.Create("a", Middle(property.Type.Element!)),
            ]),
            PropertyKind.Object => Value.Object(
                property.Type.Properties.Select(member =>
                    KeyValuePair.Create(TerraformNames.Attribute(member.Name), Middle(member))
                )
            ),
            _ => Number(42),
        };

    private static Value Number(decimal number) =>
        new Value.Number(number.ToString(CultureInfo.InvariantCulture));
}
