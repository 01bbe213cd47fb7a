using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>One role of one principal in one place.</summary>
[
    GenerateSerializer,
    Alias("dbaas.BindingId"),
    JsonConverter(typeof(TypedIdJsonConverter<BindingId>))
]
internal readonly record struct BindingId([property: Id(0)] Guid Value) : ITypedId<BindingId>
{
    public static string Prefix => "bin_";

    public static BindingId From(Guid value) => new(value);

    public static BindingId Parse(string s, IFormatProvider? provider) =>
        TypedId.Parse<BindingId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out BindingId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
