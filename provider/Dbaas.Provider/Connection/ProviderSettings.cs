using Dbaas.Client.Profiles;

namespace Dbaas.Provider.Connection;

/// <summary>Where the control service is and who acts. Each value comes from the configuration, else the environment, else the profile.</summary>
internal sealed record ProviderSettings
{
    public string? Endpoint { get; init; }
    public string? ApiKey { get; init; }
    public string? CaFile { get; init; }
    public string? Tenant { get; init; }

    /// <summary>All settings by schema.json name, also those of the profile, for inputs that a setting fills (<c>x-provider-default</c>).</summary>
    public required IReadOnlyDictionary<string, string> All { get; init; }

    /// <param name="configured">What the configuration and the environment say, by schema.json name.</param>
    /// <param name="profile">Stands in for what is absent.</param>
    public static ProviderSettings Combine(
        IReadOnlyDictionary<string, string> configured,
        Profile profile
    )
    {
        var endpoint = configured.GetValueOrDefault("endpoint") ?? profile.Endpoint;
        // A profile's key and authority belong to the profile's endpoint; the key must never travel to another one.
        var own = endpoint is null || profile.IsOf(endpoint);
        var all = new Dictionary<string, string>(configured, StringComparer.Ordinal);
        Take(all, "tenant", own ? profile.Tenant : null);
        Take(all, "region", own ? profile.Region : null);
        return new ProviderSettings
        {
            Endpoint = endpoint?.TrimEnd('/'),
            ApiKey = configured.GetValueOrDefault("apiKey") ?? (own ? profile.ApiKey : null),
            CaFile = configured.GetValueOrDefault("caFile") ?? (own ? profile.CaFile : null),
            Tenant = all.GetValueOrDefault("tenant"),
            All = all,
        };
    }

    private static void Take(Dictionary<string, string> settings, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            settings.TryAdd(name, value);
        }
    }
}
