using System.Security.Cryptography;

namespace Dbaas.Control.Keys;

/// <summary>Passwords the platform draws.</summary>
internal static class Passwords
{
    /// <summary>
    /// 32 letters and digits, 190 bits. No other characters: what is printed works unquoted in every connection string and shell.
    /// </summary>
    public static string Draw() =>
        RandomNumberGenerator.GetString(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            32
        );
}
