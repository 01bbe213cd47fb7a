using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>One change of a resource.</summary>
[
    GenerateSerializer,
    Alias("dbaas.OperationId"),
    JsonConverter(typeof(TypedIdJsonConverter<OperationId>))
]
internal readonly record struct OperationId([property: Id(0)] Guid Value) : ITypedId<OperationId>
{
    public static string Prefix => "op_";

    public static OperationId From(Guid value) => new(value);

    public static OperationId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<OperationId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out OperationId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
