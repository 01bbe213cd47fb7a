using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>Someone or something that acts.</summary>
[
    GenerateSerializer,
    Alias("dbaas.PrincipalId"),
    JsonConverter(typeof(TypedIdJsonConverter<PrincipalId>))
]
internal readonly record struct PrincipalId([property: Id(0)] Guid Value) : ITypedId<PrincipalId>
{
    public static string Prefix => "pri_";

    public static PrincipalId From(Guid value) => new(value);

    public static PrincipalId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<PrincipalId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out PrincipalId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
