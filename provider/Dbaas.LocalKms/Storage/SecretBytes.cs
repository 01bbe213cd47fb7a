using System.Security.Cryptography;

namespace Dbaas.LocalKms.Storage;

/// <summary>
/// Key material in memory: at a fixed address, so that the collector leaves no copies, kept out of swap where the system
/// allows it, and zeroed when disposed.
/// </summary>
internal sealed class SecretBytes : IDisposable
{
    private readonly byte[] bytes;

    public SecretBytes(int length)
    {
        bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        bytes.AsSpan().Clear();
        NativeMethods.KeepInMemory(bytes);
    }

    public int Length => bytes.Length;

    public Span<byte> Span => bytes;

    public Memory<byte> Memory => bytes;

    public static SecretBytes Random(int length)
    {
        var secret = new SecretBytes(length);
        RandomNumberGenerator.Fill(secret.Span);
        return secret;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

    /// <summary>Never prints what it holds.</summary>
    public override string ToString() => $"{bytes.Length} secret bytes";
}
