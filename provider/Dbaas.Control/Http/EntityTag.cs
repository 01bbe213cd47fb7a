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
    /// <summary>Null when the change may go on. Without If-Match it may, unless the endpoint demands it.</summary>
    public Problem? Check(long version, bool required = false)
    {
        if (string.IsNullOrEmpty(IfMatch))
        {
            return required
                ? new Problem(
                    "request.precondition_required",
                    428,
                    "Send If-Match with the ETag you have read."
                )
                : null;
        }

        return IfMatch.Trim() == "*" || IfMatch.Split(',').Any(tag => tag.Trim() == Of(version))
            ? null
            : new Problem(
                "request.precondition_failed",
                412,
                $"Somebody changed it: the ETag is {Of(version)} now."
            );
    }

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
