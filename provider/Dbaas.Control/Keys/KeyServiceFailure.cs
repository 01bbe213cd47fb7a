using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Keys;

/// <summary>What a failed call to a key service means, in the platform's words.</summary>
internal static class KeyServiceFailure
{
    /// <summary>Whether the exception is the key service's; others are surprises and are left alone.</summary>
    public static bool Is(Exception e) =>
        e is AmazonServiceException or HttpRequestException or AmazonClientException
        || e is TaskCanceledException { InnerException: TimeoutException };

    public static Problem Explain(Exception e) =>
        e switch
        {
            DisabledException => new(
                "key.disabled",
                409,
                "The customer key is disabled. Enable it in its key service, then repeat."
            ),
            KMSInvalidStateException => new(
                "key.disabled",
                409,
                "The customer key cannot be used in its state (disabled or pending deletion)."
            ),
            NotFoundException or InvalidArnException => new(
                "key.unknown",
                422,
                "The key service does not know this key."
            ),
            InvalidKeyUsageException => new(
                "key.unsuitable",
                422,
                "The key is not a symmetric key for encryption and decryption."
            ),
            AmazonServiceException { ErrorCode: "AccessDeniedException" } => new(
                "key.access_denied",
                409,
                "The key service refuses the platform's principal."
            ),
            _ => new Problem(
                "key.service_unavailable",
                503,
                "The key service does not answer; what runs is not affected."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
        };
}
