using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Host.Images;

/// <summary>An image's id: the same recipe with the same package versions has the same id on every host.</summary>
internal static class ImageId
{
    /// <summary>16 hex digits.</summary>
    public static string Compute(string recipeHash, IReadOnlyDictionary<string, string> packages)
    {
        var text = new StringBuilder(recipeHash).Append('\n');
        foreach (var (name, version) in packages.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('=').Append(version).Append('\n');
        }
        return Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8)
        );
    }
}
