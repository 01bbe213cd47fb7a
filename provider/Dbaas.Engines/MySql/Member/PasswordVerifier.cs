using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// Stored form of a password for <c>caching_sha2_password</c>: <c>$A$005$</c>, 20 bytes of salt, 43 characters of SHA-256-crypt with
/// 5,000 rounds (MySQL source: <c>sql/auth/sha2_password.cc</c>; algorithm: "Unix crypt using SHA-256 and SHA-512", Drepper). The agent
/// makes it itself, so that no statement, binary log or server log ever holds a password.
/// </summary>
internal static class PasswordVerifier
{
    private const int SaltBytes = 20;
    private const int HashBytes = 32;
    private const int HashCharacters = 43;
    private const int Rounds = 5000;
    private const string Alphabet =
        "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly byte[] Prefix = "$A$005$"u8.ToArray();

    // Which three bytes of the digest make which four characters; the last group has two bytes.
    private static readonly (int, int, int)[] Groups =
    [
        (0, 10, 20),
        (21, 1, 11),
        (12, 22, 2),
        (3, 13, 23),
        (24, 4, 14),
        (15, 25, 5),
        (6, 16, 26),
        (27, 7, 17),
        (18, 28, 8),
        (9, 19, 29),
    ];

    /// <summary>A new verifier with a salt of its own.</summary>
    public static byte[] Make(string password)
    {
        // The server's own salts are 7-bit and never NUL or "$", which separates the parts.
        var salt = new byte[SaltBytes];
        for (var i = 0; i < SaltBytes; i++)
        {
            salt[i] = (byte)Alphabet[RandomNumberGenerator.GetInt32(Alphabet.Length)];
        }

        return Make(password, salt);
    }

    /// <summary>Whether the stored verifier belongs to the password.</summary>
    public static bool Matches(ReadOnlySpan<byte> stored, string password) =>
        stored.Length == Prefix.Length + SaltBytes + HashCharacters
        && stored.StartsWith(Prefix)
        && CryptographicOperations.FixedTimeEquals(
            stored,
            Make(password, stored.Slice(Prefix.Length, SaltBytes))
        );

    internal static byte[] Make(string password, ReadOnlySpan<byte> salt) =>
        [
            .. Prefix,
            .. salt,
            .. Encoding.ASCII.GetBytes(Crypt(Encoding.UTF8.GetBytes(password), salt)),
        ];

    private static string Crypt(byte[] key, ReadOnlySpan<byte> salt)
    {
        byte[] once = SHA256.HashData([.. key, .. salt, .. key]);
        var start = new List<byte>([.. key, .. salt, .. Repeat(once, key.Length)]);
        for (var bits = key.Length; bits > 0; bits >>= 1)
        {
            start.AddRange((bits & 1) != 0 ? once : key);
        }

        var digest = SHA256.HashData([.. start]);
        var keys = new byte[key.Length * key.Length];
        for (var i = 0; i < key.Length; i++)
        {
            key.CopyTo(keys, i * key.Length);
        }

        var keyPart = Repeat(SHA256.HashData(keys), key.Length);
        var salts = new byte[(16 + digest[0]) * salt.Length];
        for (var i = 0; i < 16 + digest[0]; i++)
        {
            salt.CopyTo(salts.AsSpan(i * salt.Length));
        }

        var saltPart = Repeat(SHA256.HashData(salts), salt.Length);
        var round = new byte[(2 * keyPart.Length) + saltPart.Length + HashBytes];
        for (var i = 0; i < Rounds; i++)
        {
            var used = 0;
            void Add(byte[] part)
            {
                part.CopyTo(round, used);
                used += part.Length;
            }

            Add((i & 1) != 0 ? keyPart : digest);
            if (i % 3 != 0)
            {
                Add(saltPart);
            }

            if (i % 7 != 0)
            {
                Add(keyPart);
            }

            Add((i & 1) != 0 ? digest : keyPart);
            digest = SHA256.HashData(round.AsSpan(0, used));
        }

        return Write(digest);
    }

    private static byte[] Repeat(byte[] pattern, int length)
    {
        var result = new byte[length];
        for (var i = 0; i < length; i++)
        {
            result[i] = pattern[i % pattern.Length];
        }

        return result;
    }

    private static string Write(byte[] digest)
    {
        var text = new StringBuilder(HashCharacters);
        foreach (var (first, second, third) in Groups)
        {
            Append(text, (digest[first] << 16) | (digest[second] << 8) | digest[third], 4);
        }

        Append(text, (digest[31] << 8) | digest[30], 3);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int bits, int characters)
    {
        for (var i = 0; i < characters; i++, bits >>= 6)
        {
            text.Append(Alphabet[bits & 0x3F]);
        }
    }
}
