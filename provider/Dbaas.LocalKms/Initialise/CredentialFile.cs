namespace Dbaas.LocalKms.Initialise;

/// <summary>What a caller needs to sign requests; secrets/kms-*.json, 0600.</summary>
internal sealed record CredentialFile
{
    public required string AccessKeyId { get; init; }
    public required string SecretAccessKey { get; init; }
    public required string Arn { get; init; }

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => Arn;
}
