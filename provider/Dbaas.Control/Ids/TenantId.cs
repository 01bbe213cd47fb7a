using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>Who owns everything.</summary>
[
    GenerateSerializer,
    Alias("dbaas.TenantId"),
    JsonConverter(typeof(TypedIdJsonConverter<TenantId>))
]
internal readonly record struct TenantId([property: Id(0)] Guid Value) : ITypedId<TenantId>
{
    public static string Prefix => "ten_";

    public static TenantId From(Guid value) => new(value);

    public static TenantId Parse(string s, IFormatProvider? provider) => TypedId.Parse<TenantId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out TenantId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
