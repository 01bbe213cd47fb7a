using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>A primary or standby of an instance.</summary>
[
    GenerateSerializer,
    Alias("dbaas.MemberId"),
    JsonConverter(typeof(TypedIdJsonConverter<MemberId>))
]
internal readonly record struct MemberId([property: Id(0)] Guid Value) : ITypedId<MemberId>
{
    public static string Prefix => "mem_";

    public static MemberId From(Guid value) => new(value);

    public static MemberId Parse(string s, IFormatProvider? provider) => TypedId.Parse<MemberId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out MemberId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
