using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>An enrolled host.</summary>
[GenerateSerializer, Alias("dbaas.HostId"), JsonConverter(typeof(TypedIdJsonConverter<HostId>))]
internal readonly record struct HostId([property: Id(0)] Guid Value) : ITypedId<HostId>
{
    public static string Prefix => "host_";

    public static HostId From(Guid value) => new(value);

    public static HostId Parse(string s, IFormatProvider? provider) => TypedId.Parse<HostId>(s);

    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out HostId result
    ) => TypedId.TryParse(s, out result);

    public override string ToString() => TypedId.Format(this);
}
