using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Dbaas.Control.Ids;

/// <summary>What all typed ids share: drawing, writing and reading them.</summary>
internal static class TypedId
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Draws a new id; ids drawn later sort later (RFC 9562, version 7).</summary>
    public static T New<T>(TimeProvider time)
        where T : struct, ITypedId<T> => T.From(Guid.CreateVersion7(time.GetUtcNow()));

    public static string Format<T>(T id)
        where T : struct, ITypedId<T> =>
        T.Prefix + id.Value.ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Takes exactly what <see cref="Format{T}"/> writes: lower case, no hyphens.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T id)
        where T : struct, ITypedId<T>
    {
        id = default;
        if (
            text is null
            || text.Length != T.Prefix.Length + 32
            || !text.StartsWith(T.Prefix, StringComparison.Ordinal)
            || text.AsSpan(T.Prefix.Length).ContainsAnyExcept(s_digits)
            || !Guid.TryParseExact(text.AsSpan(T.Prefix.Length), "N", out var value)
        )
        {
            return false;
        }

        id = T.From(value);
        return true;
    }

    /// <exception cref="FormatException">Not an id of this kind.</exception>
    public static T Parse<T>(string text)
        where T : struct, ITypedId<T> =>
        TryParse(text, out T id)
            ? id
            : throw new FormatException($"Not an id of the form {T.Prefix} and 32 hex digits.");
}
