using System.Globalization;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Http;

/// <summary>
/// ETags are row versions. An endpoint takes <see cref="EntityTag"/> as a parameter (it reads If-Match), calls <see cref="Check"/> with
/// the version it is about to change, and sets the new one with <see cref="Write"/>.
/// </summary>
/// <param name="IfMatch">The header as sent; null when absent.</param>
internal sealed record EntityTag(string? IfMatch)
{
    /// <summary>Null when the change may go on. Without If-Match it may: a whole wish that is sent again is no lost update.</summary>
    public Problem? Check(long version)
    {
        if (string.IsNullOrEmpty(IfMatch))
        {
            return null;
        }

        if (IfMatch.Trim() == "*")
        {
            return null;
        }

        var tags = IfMatch.Split(',', StringSplitOptions.TrimEntries);
        if (!Array.TrueForAll(tags, Well))
        {
            return new Problem(
                "request.header_invalid",
                400,
                "If-Match is * or a list of ETags in quotation marks."
            );
        }

        return tags.Contains(Of(version))
            ? null
            : new Problem(
                "request.precondition_failed",
                412,
                $"Somebody changed it: the ETag is {Of(version)} now."
            )
            {
                ETag = Of(version),
            };
    }

    /// <summary>RFC 9110, 8.8.3; a comma within a tag is none of ours.</summary>
    private static bool Well(string tag) =>
        (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag)
            is ['"', .. var inner, '"']
        && !inner.Contains('"', StringComparison.Ordinal);

    public static string Of(long version) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    public static void Write(HttpContext context, long version) =>
        context.Response.Headers.ETag = Of(version);

    /// <summary>For minimal APIs.</summary>
    public static ValueTask<EntityTag?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var header = context.Request.Headers.IfMatch;
        return ValueTask.FromResult<EntityTag?>(
            new EntityTag(header.Count == 0 ? null : header.ToString())
        );
    }
}
