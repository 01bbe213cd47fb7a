namespace Dbaas.LocalKms.Keys;

/// <summary>Words of the KMS API for the one kind of key there is.</summary>
internal static class KeySpecs
{
    public const string SymmetricDefault = "SYMMETRIC_DEFAULT";
    public const string EncryptDecrypt = "ENCRYPT_DECRYPT";
    public const string OriginAwsKms = "AWS_KMS";
}
