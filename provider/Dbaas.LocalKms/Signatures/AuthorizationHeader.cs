namespace Dbaas.LocalKms.Signatures;

/// <summary>The parts of <c>Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…</c>.</summary>
/// <param name="Date">yyyyMMdd of the credential scope.</param>
/// <param name="Signature">64 hexadecimal digits.</param>
internal sealed record AuthorizationHeader(
    string AccessKeyId,
    string Date,
    string Region,
    string Service,
    IReadOnlyList<string> SignedHeaders,
    string Signature
)
{
    private const string Terminator = "aws4_request";

    /// <summary>Amazon's programs sign ten at most.</summary>
    private const int MaximumHeaders = 64;

    public string Scope => $"{Date}/{Region}/{Service}/{Terminator}";

    /// <summary>Null when a part is missing, doubled or misshapen.</summary>
    public static AuthorizationHeader? Parse(string value)
    {
        if (!value.StartsWith(SignedRequest.Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var part in value[SignedRequest.Algorithm.Length..]
                .Split(',', StringSplitOptions.TrimEntries)
        )
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !parts.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                return null;
            }
        }

        return
            parts.TryGetValue("Credential", out var credential)
            && parts.TryGetValue("SignedHeaders", out var signedHeaders)
            && signedHeaders.Split(';') is { Length: <= MaximumHeaders } names
            // A name that comes again would repeat its value in the text to be signed: kilobytes would become hundreds of megabytes.
            && names.Distinct(StringComparer.Ordinal).Count() == names.Length
            && parts.TryGetValue("Signature", out var signature)
            && credential.Split('/')
                is [var accessKeyId, var date, var region, var service, Terminator]
            ? new(accessKeyId, date, region, service, names, signature)
            : null;
    }
}
