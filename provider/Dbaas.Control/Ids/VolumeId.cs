using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>The encrypted volume of a member.</summary>
[
    GenerateSerializer,
    Alias("dbaas.VolumeId"),
    JsonConverter(typeof(TypedIdJsonConverter<VolumeId>))
]
internal readonly record struct VolumeId([property: Id(0)] Guid Value) : ITypedId<VolumeId>
{
    public static string Prefix => "vol_";

    public static VolumeId From(Guid value) => new(value);

    public static VolumeId Parse(string s, IFormatProvider? provider) => TypedId.Parse<VolumeId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out VolumeId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
