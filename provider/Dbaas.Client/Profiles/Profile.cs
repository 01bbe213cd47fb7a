using System.Text.Json;

namespace Dbaas.Client.Profiles;

/// <summary><c>profile.json</c>: how to reach an installation, written by <c>make up</c>. All programs that act for a user read it this way.</summary>
public sealed record Profile
{
    private const string FileName = "profile.json";
    private const string DefaultRoot = "/var/lib/dbaas";

    /// <summary>Address of the control service; null in an empty profile.</summary>
    public string? Endpoint { get; init; }

    /// <summary>PEM file of the authority to trust.</summary>
    public string? CaFile { get; init; }

    /// <summary>The user's key. For <see cref="Endpoint"/> alone, see <see cref="IsOf"/>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Tenant to act in, by id or name.</summary>
    public string? Tenant { get; init; }

    /// <summary>Region of resources that name none.</summary>
    public string? Region { get; init; }

    /// <summary>Never prints the key.</summary>
    public override string ToString() => Endpoint ?? "";

    /// <summary>
    /// Whether this profile speaks of a service. Its key, authority and tenant belong to it; another service must not be shown the key.
    /// </summary>
    /// <param name="endpoint">With or without a slash at the end.</param>
    public bool IsOf(string endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return string.Equals(
            endpoint.TrimEnd('/'),
            Endpoint?.TrimEnd('/'),
            StringComparison.OrdinalIgnoreCase
        );
    }

    /// <summary>
    /// The first that can be read of /var/lib/dbaas/ and ~/.config/dbaas/profile.json; with DBAAS_ROOT the one there and no other. Empty when
    /// there is none.
    /// </summary>
    /// <param name="environment">Variables by name.</param>
    /// <exception cref="ProfileException">It is there and damaged.</exception>
    public static Profile Find(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var folder in Folders(environment))
        {
            var path = Path.Combine(folder, FileName);
            try
            {
                return JsonSerializer.Deserialize(
                        File.ReadAllBytes(path),
                        ProfileJson.Default.Profile
                    ) ?? new Profile();
            }
            catch (Exception exception)
                when (exception
                        is FileNotFoundException
                            or DirectoryNotFoundException
                            or UnauthorizedAccessException
                )
            {
                // Not there, or another user's: the next one may be ours.
            }
            catch (JsonException exception)
            {
                throw new ProfileException(
                    $"{path} is not a profile: {exception.Message}",
                    exception
                );
            }
        }

        return new Profile();
    }

    private static IEnumerable<string> Folders(Func<string, string?> environment)
    {
        if (environment("DBAAS_ROOT") is { Length: > 0 } root)
        {
            // An installation was named: another one's profile would act on the wrong databases.
            yield return root;
            yield break;
        }

        yield return DefaultRoot;
        if (environment("HOME") is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".config", "dbaas");
        }
    }
}
