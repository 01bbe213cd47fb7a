using Google.Protobuf.WellKnownTypes;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>
/// State inside an error travels in a header, and clients accept headers of some ten kilobytes. What does not fit is left out, the
/// largest first: the next refresh or update brings it.
/// </summary>
internal static class Bounded
{
    private const int MostBytes = 24 * 1024;

    public static Struct Of(Struct properties)
    {
        var kept = properties.Clone();
        foreach (
            var name in properties
                .Fields.OrderByDescending(field => field.Value.CalculateSize())
                .Select(field => field.Key)
                .TakeWhile(_ => kept.CalculateSize() > MostBytes)
        )
        {
            kept.Fields.Remove(name);
        }

        return kept;
    }
}
