using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>A secret in the vault.</summary>
[
    GenerateSerializer,
    Alias("dbaas.CredentialId"),
    JsonConverter(typeof(TypedIdJsonConverter<CredentialId>))
]
internal readonly record struct CredentialId([property: Id(0)] Guid Value) : ITypedId<CredentialId>
{
    public static string Prefix => "cred_";

    public static CredentialId From(Guid value) => new(value);

    public static CredentialId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<CredentialId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out CredentialId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
