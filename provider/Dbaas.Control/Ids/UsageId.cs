using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>One interval of usage.</summary>
[GenerateSerializer, Alias("dbaas.UsageId"), JsonConverter(typeof(TypedIdJsonConverter<UsageId>))]
internal readonly record struct UsageId([property: Id(0)] Guid Value) : ITypedId<UsageId>
{
    public static string Prefix => "use_";

    public static UsageId From(Guid value) => new(value);

    public static UsageId Parse(string s, IFormatProvider? provider) => TypedId.Parse<UsageId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out UsageId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
