using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>Where clients of an instance connect.</summary>
[
    GenerateSerializer,
    Alias("dbaas.EndpointId"),
    JsonConverter(typeof(TypedIdJsonConverter<EndpointId>))
]
internal readonly record struct EndpointId([property: Id(0)] Guid Value) : ITypedId<EndpointId>
{
    public static string Prefix => "ep_";

    public static EndpointId From(Guid value) => new(value);

    public static EndpointId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<EndpointId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out EndpointId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
