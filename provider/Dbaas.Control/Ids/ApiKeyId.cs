using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>An API key.</summary>
[
    GenerateSerializer,
    Alias("dbaas.ApiKeyId"),
    JsonConverter(typeof(TypedIdJsonConverter<ApiKeyId>))
]
internal readonly record struct ApiKeyId([property: Id(0)] Guid Value) : ITypedId<ApiKeyId>
{
    public static string Prefix => "ak_";

    public static ApiKeyId From(Guid value) => new(value);

    public static ApiKeyId Parse(string s, IFormatProvider? provider) => TypedId.Parse<ApiKeyId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out ApiKeyId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
