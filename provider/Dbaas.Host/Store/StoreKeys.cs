using System.Text;
using System.Text.RegularExpressions;

namespace Dbaas.Host.Store;

/// <summary>Names and key ranges of an instance in the store.</summary>
internal static partial class StoreKeys
{
    /// <summary>The user that owns everything; no instance may be called so.</summary>
    public const string Root = "root";

    /// <summary>Patroni's namespace and scope: everything of a cluster lies below it.</summary>
    /// <exception cref="StoreException">The name could reach beyond its own prefix.</exception>
    public static string Prefix(string cluster) =>
        Name().IsMatch(cluster) && cluster != Root
            ? $"/dbaas/{cluster}/"
            : throw new StoreException(
                "store.invalid_name",
                $"\"{cluster}\" is no cluster name: 1 to 63 lower-case letters, digits, - and _, not \"{Root}\".",
                retryable: false
            );

    /// <summary>
    /// First key after all that begin with the prefix: its last byte plus one. The last character is a slash, so there is no carry.
    /// </summary>
    public static byte[] RangeEnd(string prefix)
    {
        var end = Encoding.UTF8.GetBytes(prefix);
        end[^1]++;
        return end;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,62}\z")]
    private static partial Regex Name();
}
