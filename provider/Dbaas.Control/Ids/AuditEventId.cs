using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>One row of the event table.</summary>
[
    GenerateSerializer,
    Alias("dbaas.AuditEventId"),
    JsonConverter(typeof(TypedIdJsonConverter<AuditEventId>))
]
internal readonly record struct AuditEventId([property: Id(0)] Guid Value) : ITypedId<AuditEventId>
{
    public static string Prefix => "evt_";

    public static AuditEventId From(Guid value) => new(value);

    public static AuditEventId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<AuditEventId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out AuditEventId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
