using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>A customer key registered with a tenant.</summary>
[GenerateSerializer, Alias("dbaas.KeyId"), JsonConverter(typeof(TypedIdJsonConverter<KeyId>))]
internal readonly record struct KeyId([property: Id(0)] Guid Value) : ITypedId<KeyId>
{
    public static string Prefix => "key_";

    public static KeyId From(Guid value) => new(value);

    public static KeyId Parse(string s, IFormatProvider? provider) => TypedId.Parse<KeyId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out KeyId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
