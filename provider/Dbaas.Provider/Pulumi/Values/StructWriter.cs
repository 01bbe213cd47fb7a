using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Value = Dbaas.Provider.Translation.Value;
using WireValue = Google.Protobuf.WellKnownTypes.Value;

namespace Dbaas.Provider.Pulumi.Values;

/// <summary>Writes the protocol's values. Members that are null are left out.</summary>
internal static class StructWriter
{
    public static Struct Write(Value.Map properties)
    {
        var written = new Struct();
        foreach (var (name, value) in properties.Members)
        {
            if (!value.IsNull)
            {
                written.Fields[name] = Write(value);
            }
        }

        return written;
    }

    /// <summary>A value with the mark of a secret.</summary>
    public static WireValue WriteSecret(Value content) =>
        WireValue.ForStruct(
            new Struct
            {
                Fields =
                {
                    [Signatures.Key] = WireValue.ForString(Signatures.Secret),
                    ["value"] = Write(content),
                },
            }
        );

    private static WireValue Write(Value value) =>
        value switch
        {
            Value.Unknown => WireValue.ForString(Signatures.Unknown),
            Value.Bool flag => WireValue.ForBool(flag.Content),
            Value.Text text => WireValue.ForString(text.Content),
            Value.Number number => WireValue.ForNumber(
                double.Parse(number.Digits, CultureInfo.InvariantCulture)
            ),
            Value.List list => WireValue.ForList([.. list.Items.Select(Write)]),
            Value.Map members => WireValue.ForStruct(Write(members)),
            Value.Secret secret => WriteSecret(secret.Content),
            _ => WireValue.ForNull(),
        };
}
