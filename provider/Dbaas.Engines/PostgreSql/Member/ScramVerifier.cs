using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// SCRAM-SHA-256 verifiers as PostgreSQL stores them (RFC 5803, RFC 7677). Making them here means that no password ever
/// stands in a statement, and so in no log of the server.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;
    private const int SaltBytes = 16;
    private const string Scheme = "SCRAM-SHA-256";

    public static string Make(string password) =>
        Make(password, RandomNumberGenerator.GetBytes(SaltBytes));

    /// <summary>Whether the stored verifier belongs to the password.</summary>
    public static bool Matches(string? stored, string password)
    {
        // SCRAM-SHA-256$4096:salt$storedKey:serverKey
        if (
            stored?.Split('$') is not [Scheme, var head, _]
            || head.Split(':') is not [var iterations, var salt]
            // A user may store a verifier of his own making. With two thousand million iterations this would hold up every other change to
            // the instance for many minutes; a password set anew costs a moment.
            || iterations != Iterations.ToString(CultureInfo.InvariantCulture)
        )
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(stored),
            Encoding.ASCII.GetBytes(Make(password, Convert.FromBase64String(salt)))
        );
    }

    private static string Make(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password),
            salt,
            Iterations,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Scheme}${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}"
        );
    }
}
