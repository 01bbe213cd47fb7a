using System.Globalization;
using System.Text;

namespace Dbaas.LocalKms.Signatures;

/// <summary>
/// The canonical form of a request (AWS General Reference, Signature Version 4). The KMS API has one path and no query, so both are taken
/// as they came, and whatever else was sent does not match the client's signature.
/// </summary>
internal static class SignedRequest
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <param name="signedHeaders">Lower case, in the order the client named them.</param>
    public static string Canonical(
        HttpRequest request,
        IReadOnlyList<string> signedHeaders,
        string bodyHash
    )
    {
        var canonical = new StringBuilder()
            .Append(request.Method)
            .Append('\n')
            .Append(request.Path.Value)
            .Append('\n')
            .Append(request.QueryString.Value?.TrimStart('?'))
            .Append('\n');
        foreach (var name in signedHeaders)
        {
            canonical
                .Append(CultureInfo.InvariantCulture, $"{name}:")
                .AppendJoin(',', request.Headers[name].Select(Collapse))
                .Append('\n');
        }

        return canonical
            .Append('\n')
            .AppendJoin(';', signedHeaders)
            .Append('\n')
            .Append(bodyHash)
            .ToString();
    }

    // Runs of spaces count as one, inside and at the ends.
    private static string Collapse(string? value) =>
        string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
