using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dbaas.Host.Native;

namespace Dbaas.Host.Volumes;

/// <summary>
/// fscrypt policies of version 2 (linux/fscrypt.h, kernel document filesystems/fscrypt): AES-256-XTS for contents, AES-256-CTS for
/// names. Keys belong to a mounted file system, not to a process, and go when it is unmounted.
/// </summary>
internal static class FolderEncryption
{
    /// <summary>Bytes of a data key: AES-256-XTS takes two AES-256 keys.</summary>
    public const int KeyBytes = 64;

    private const uint SetPolicy = 0x800C6613;
    private const uint GetPolicyEx = 0xC0096616;
    private const uint AddKey = 0xC0506617;
    private const uint RemoveKey = 0xC0406618;
    private const uint GetKeyStatus = 0xC080661A;
    private const int IdentifierType = 2;
    private const int IdentifierBytes = 16;
    private const int NoData = 61; // ENODATA: the folder has no policy
    private const int NoKey = 126; // ENOKEY: the key is not there (any more)

    /// <summary>Gives the key to the kernel. The copy made here is zeroed; the caller zeroes its own.</summary>
    /// <returns>The kernel's name of the key, hex.</returns>
    public static string Add(Descriptor fileSystem, ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"A data key has {KeyBytes} bytes.", nameof(key));
        }
        // Pinned, so that the collector leaves no second copy behind when it moves memory.
        var argument = GC.AllocateArray<byte>(80 + KeyBytes, pinned: true);
        try
        {
            BinaryPrimitives.WriteInt32LittleEndian(argument, IdentifierType);
            BinaryPrimitives.WriteInt32LittleEndian(argument.AsSpan(40), KeyBytes);
            key.CopyTo(argument.AsSpan(80));
            return fileSystem.Control(AddKey, argument)
                ? Convert.ToHexStringLower(argument.AsSpan(8, IdentifierBytes))
                : throw NativeError.Last("the data key");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(argument);
        }
    }

    /// <summary>Takes the key away: from now on nothing in the folder can be read.</summary>
    /// <returns>False when open files kept part of it in use.</returns>
    public static bool Remove(Descriptor fileSystem, string identifier)
    {
        Span<byte> argument = stackalloc byte[64];
        argument.Clear();
        Specify(argument, identifier);
        if (!fileSystem.Control(RemoveKey, argument))
        {
            return Marshal.GetLastPInvokeError() == NoKey
                ? true
                : throw NativeError.Last("removing the data key");
        }
        const uint filesBusy = 1;
        return (BinaryPrimitives.ReadUInt32LittleEndian(argument[40..]) & filesBusy) == 0;
    }

    /// <summary>Whether the kernel holds the key in full.</summary>
    public static bool IsPresent(Descriptor fileSystem, string identifier)
    {
        Span<byte> argument = stackalloc byte[128];
        argument.Clear();
        Specify(argument, identifier);
        const uint present = 2;
        return fileSystem.Control(GetKeyStatus, argument)
            && BinaryPrimitives.ReadUInt32LittleEndian(argument[64..]) == present;
    }

    /// <summary>Identifier of the key that encrypts the folder, or null for a plain one.</summary>
    public static string? PolicyOf(Descriptor folder)
    {
        Span<byte> argument = stackalloc byte[8 + 24];
        argument.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(argument, 24);
        if (folder.Control(GetPolicyEx, argument))
        {
            return Convert.ToHexStringLower(argument.Slice(16, IdentifierBytes));
        }
        return Marshal.GetLastPInvokeError() == NoData
            ? null
            : throw NativeError.Last("reading an encryption policy");
    }

    /// <summary>Encrypts an empty folder from now on and for ever.</summary>
    public static void Encrypt(Descriptor folder, string identifier)
    {
        Span<byte> policy = stackalloc byte[24];
        policy.Clear();
        policy[0] = 2; // FSCRYPT_POLICY_V2
        policy[1] = 1; // FSCRYPT_MODE_AES_256_XTS
        policy[2] = 4; // FSCRYPT_MODE_AES_256_CTS
        policy[3] = 3; // names padded to 32 bytes, so that their length tells little
        Convert.FromHexString(identifier).CopyTo(policy[8..]);
        if (!folder.Control(SetPolicy, policy))
        {
            throw NativeError.Last("encrypting the data folder");
        }
    }

    private static void Specify(Span<byte> argument, string identifier)
    {
        BinaryPrimitives.WriteInt32LittleEndian(argument, IdentifierType);
        Convert.FromHexString(identifier).CopyTo(argument[8..]);
    }
}
