namespace Dbaas.LocalKms.Protocol;

/// <summary>An expected "no", in the shape AWS KMS gives it.</summary>
/// <param name="Type">Error type of the KMS API reference, e.g. NotFoundException; goes out as <c>__type</c>.</param>
/// <param name="Message">For the caller's operator; never holds key material or context values.</param>
/// <param name="Status">HTTP status: 400 unless the API reference says otherwise.</param>
internal sealed record KmsRefusal(string Type, string Message, int Status = 400)
{
    public static KmsRefusal Validation(string message) => new("ValidationException", message);

    public static KmsRefusal NotFound(string message) => new("NotFoundException", message);

    public static KmsRefusal Unsupported(string message) =>
        new("UnsupportedOperationException", message);

    /// <summary>KMS says nothing more than the type: which part of a ciphertext failed would help an attacker.</summary>
    public static KmsRefusal InvalidCiphertext() => new("InvalidCiphertextException", "");

    public static KmsRefusal InvalidGrantToken() =>
        new("InvalidGrantTokenException", "The grant token is not valid.");

    public static KmsRefusal PendingDeletion(string arn) =>
        new("KMSInvalidStateException", $"{arn} is pending deletion.");

    public static KmsRefusal Disabled(string arn) =>
        new("DisabledException", $"{arn} is disabled.");

    public static KmsRefusal LimitExceeded(string message) =>
        new("LimitExceededException", message);

    public static KmsRefusal DryRun() =>
        new("DryRunOperationException", "The request would have succeeded, but DryRun is set.");
}
