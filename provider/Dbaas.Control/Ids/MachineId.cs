using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>Container, VM or pod a member runs on.</summary>
[
    GenerateSerializer,
    Alias("dbaas.MachineId"),
    JsonConverter(typeof(TypedIdJsonConverter<MachineId>))
]
internal readonly record struct MachineId([property: Id(0)] Guid Value) : ITypedId<MachineId>
{
    public static string Prefix => "mac_";

    public static MachineId From(Guid value) => new(value);

    public static MachineId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<MachineId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out MachineId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
