using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Dbaas.Control.Http;

/// <summary>
/// The query parameters of one endpoint, from how its handler is bound: what comes from the path, from services or from the request
/// itself is none. Values are judged here and not by the framework, whose message repeats the value and names its types.
/// </summary>
internal sealed class QueryParameters
{
    private static readonly ConditionalWeakTable<Endpoint, QueryParameters> s_known = [];

    private readonly FrozenDictionary<string, Type> _types;

    private QueryParameters(Endpoint endpoint)
    {
        var inPath = endpoint is RouteEndpoint route
            ? route
                .RoutePattern.Parameters.Select(part => part.Name)
                .ToHashSet(StringComparer.OrdinalIgnoreCase)
            : [];
        _types = endpoint
            .Metadata.OfType<IParameterBindingMetadata>()
            .Where(parameter => !parameter.HasBindAsync && !inPath.Contains(parameter.Name))
            .Select(parameter =>
                (
                    parameter.Name,
                    Type: Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType)
                        ?? parameter.ParameterInfo.ParameterType
                )
            )
            .Where(parameter =>
                parameter.Type == typeof(string)
                || parameter.Type == typeof(int)
                || parameter.Type == typeof(bool)
            )
            .ToFrozenDictionary(
                parameter => parameter.Name,
                parameter => parameter.Type,
                StringComparer.OrdinalIgnoreCase
            );
    }

    public IEnumerable<string> Names => _types.Keys;

    public static QueryParameters Of(Endpoint endpoint) =>
        s_known.GetValue(endpoint, known => new QueryParameters(known));

    /// <summary>Null when every parameter is known, given once and readable.</summary>
    public Problem? Refuse(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (!_types.TryGetValue(name, out var type))
            {
                return new Problem(
                    "request.query_unknown",
                    400,
                    $"There is no query parameter '{Printable.Of(name)}' here."
                );
            }

            var text = values.ToString();
            var wanted =
                values.Count > 1 ? "one value"
                // PostgreSQL stores no U+0000 and fails on it.
                : text.Contains('\0', StringComparison.Ordinal) ? "text without U+0000"
                : type == typeof(int)
                && !int.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out _
                )
                    ? "an integer"
                : type == typeof(bool) && !bool.TryParse(text, out _) ? "true or false"
                : null;
            if (wanted is not null)
            {
                return new Problem(
                    "request.invalid",
                    400,
                    $"The query parameter '{Printable.Of(name)}' takes {wanted}."
                );
            }
        }

        return null;
    }
}
