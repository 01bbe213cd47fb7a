using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Keys;

/// <summary>A plaintext and the key it was sealed with. Disposing zeroes the plaintext.</summary>
internal sealed record OpenedText(KeyRecord Key, SecretBytes Plaintext) : IDisposable
{
    public void Dispose() => Plaintext.Dispose();

    /// <summary>Never prints what it holds.</summary>
    public override string ToString() => Key.KeyId;
}
