using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>A certificate the platform signed.</summary>
[
    GenerateSerializer,
    Alias("dbaas.CertificateId"),
    JsonConverter(typeof(TypedIdJsonConverter<CertificateId>))
]
internal readonly record struct CertificateId([property: Id(0)] Guid Value)
    : ITypedId<CertificateId>
{
    public static string Prefix => "cert_";

    public static CertificateId From(Guid value) => new(value);

    public static CertificateId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<CertificateId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out CertificateId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
