using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>A database instance.</summary>
[
    GenerateSerializer,
    Alias("dbaas.InstanceId"),
    JsonConverter(typeof(TypedIdJsonConverter<InstanceId>))
]
internal readonly record struct InstanceId([property: Id(0)] Guid Value) : ITypedId<InstanceId>
{
    public static string Prefix => "ins_";

    public static InstanceId From(Guid value) => new(value);

    public static InstanceId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<InstanceId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out InstanceId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
