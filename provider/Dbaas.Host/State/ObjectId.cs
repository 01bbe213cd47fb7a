namespace Dbaas.Host.State;

/// <summary>Ids become parts of paths and kernel names, so nothing but letters, digits, _ and - passes.</summary>
internal static class ObjectId
{
    /// <exception cref="HostRefusal">The id is none.</exception>
    public static string Check(string id) =>
        id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? id
            : throw new HostRefusal(
                RefusalKind.Invalid,
                "host.invalid_id",
                "An id is 1 to 64 letters, digits, underscores and hyphens."
            );
}
