using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Signatures;

/// <summary>Finds out who sent a request, by AWS Signature Version 4.</summary>
internal sealed class SignatureCheck(
    PrincipalDirectory principals,
    KmsSettings settings,
    TimeProvider time
)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string ServiceName = "kms";
    private const string DateHeader = "x-amz-date";
    private const string BodyHashHeader = "x-amz-content-sha256";
    private static readonly TimeSpan MaximumSkew = TimeSpan.FromMinutes(5);

    public Outcome<Principal> Identify(HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (request.Headers.Authorization is not [{ Length: > 0 } text])
        {
            return new KmsRefusal(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token"
            );
        }

        if (AuthorizationHeader.Parse(text) is not { } authorization)
        {
            return Incomplete("The Authorization header is not a complete AWS4-HMAC-SHA256 one.");
        }

        if (RefuseHeaders(request, authorization) is { } incomplete)
        {
            return incomplete;
        }

        // Temporary credentials are not issued here, so a session token can only be a mistake or a probe.
        if (
            principals.Find(authorization.AccessKeyId) is not { } principal
            || request.Headers.ContainsKey("x-amz-security-token")
        )
        {
            return new KmsRefusal(
                "UnrecognizedClientException",
                "The security token included in the request is invalid."
            );
        }

        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        if (request.Headers[BodyHashHeader] is [var claimed] && claimed != bodyHash)
        {
            return InvalidSignature("The body does not match x-amz-content-sha256.");
        }

        var sentAt = request.Headers[DateHeader].ToString();
        var expected = Sign(
            principal.SecretAccessKey,
            authorization,
            sentAt,
            SignedRequest.Canonical(request, authorization.SignedHeaders, bodyHash)
        );
        if (
            !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(expected),
                Encoding.ASCII.GetBytes(authorization.Signature)
            )
        )
        {
            return InvalidSignature(
                "The request signature we calculated does not match the signature you provided. "
                    + "Check your AWS Secret Access Key and signing method."
            );
        }

        return RefuseTime(sentAt, authorization) is { } refusal ? refusal : principal;
    }

    private KmsRefusal? RefuseHeaders(HttpRequest request, AuthorizationHeader authorization)
    {
        if (authorization.Region != settings.Region || authorization.Service != ServiceName)
        {
            return InvalidSignature(
                $"Credential should be scoped to region '{settings.Region}' and service '{ServiceName}'."
            );
        }

        // What is not signed could have been put there by somebody else.
        var mustBeSigned = request
            .Headers.Keys.Select(name => name.ToLowerInvariant())
            .Where(name => name.StartsWith("x-amz-", StringComparison.Ordinal))
            .Append("host")
            .Append(DateHeader);
        return
            mustBeSigned.FirstOrDefault(name => !authorization.SignedHeaders.Contains(name))
                is { } unsigned
            ? Incomplete($"The header '{unsigned}' must be present and signed.")
            : null;
    }

    private KmsRefusal? RefuseTime(string sentAt, AuthorizationHeader authorization)
    {
        if (
            !DateTimeOffset.TryParseExact(
                sentAt,
                TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var signedAt
            ) || !sentAt.StartsWith(authorization.Date, StringComparison.Ordinal)
        )
        {
            return Incomplete(
                "x-amz-date must be yyyyMMddTHHmmssZ, on the day of the credential scope."
            );
        }

        var now = time.GetUtcNow();
        var nowText = now.ToString(TimeFormat, CultureInfo.InvariantCulture);
        return (now - signedAt) switch
        {
            var age when age > MaximumSkew => InvalidSignature(
                $"Signature expired: {sentAt} is now earlier than {nowText} minus 5 min."
            ),
            var age when age < -MaximumSkew => InvalidSignature(
                $"Signature not yet current: {sentAt} is still later than {nowText} plus 5 min."
            ),
            _ => null,
        };
    }

    private static string Sign(
        string secret,
        AuthorizationHeader authorization,
        string sentAt,
        string canonicalRequest
    )
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        string[] scope =
        [
            authorization.Date,
            authorization.Region,
            authorization.Service,
            "aws4_request",
        ];
        foreach (var part in scope)
        {
            var next = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
            CryptographicOperations.ZeroMemory(key);
            key = next;
        }

        var hash = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest))
        );
        var toSign = $"{SignedRequest.Algorithm}\n{sentAt}\n{authorization.Scope}\n{hash}";
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign));
        CryptographicOperations.ZeroMemory(key);
        return Convert.ToHexStringLower(signature);
    }

    private static KmsRefusal Incomplete(string message) =>
        new("IncompleteSignatureException", message);

    private static KmsRefusal InvalidSignature(string message) =>
        new("InvalidSignatureException", message);
}
