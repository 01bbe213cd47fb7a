using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>A data key as the key service wrapped it.</summary>
[
    GenerateSerializer,
    Alias("dbaas.WrappedKeyId"),
    JsonConverter(typeof(TypedIdJsonConverter<WrappedKeyId>))
]
internal readonly record struct WrappedKeyId([property: Id(0)] Guid Value) : ITypedId<WrappedKeyId>
{
    public static string Prefix => "wk_";

    public static WrappedKeyId From(Guid value) => new(value);

    public static WrappedKeyId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<WrappedKeyId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out WrappedKeyId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
