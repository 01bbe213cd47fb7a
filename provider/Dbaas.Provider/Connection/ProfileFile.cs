using System.Text.Json;

namespace Dbaas.Provider.Connection;

/// <summary>The profile the platform or the command line wrote for this user.</summary>
internal sealed record ProfileFile
{
    public string? Endpoint { get; init; }
    public string? CaFile { get; init; }
    public string? ApiKey { get; init; }

    /// <summary>The first profile that can be read, or an empty one.</summary>
    public static ProfileFile Find(Func<string, string?> environment)
    {
        string?[] candidates =
        [
            environment("DBAAS_ROOT") is { Length: > 0 } root
                ? Path.Combine(root, "profile.json")
                : null,
            "/var/lib/dbaas/profile.json",
            environment("HOME") is { Length: > 0 } home
                ? Path.Combine(home, ".config/dbaas/profile.json")
                : null,
        ];
        return candidates.Select(Read).FirstOrDefault(profile => profile is not null)
            ?? new ProfileFile();
    }

    private static ProfileFile? Read(string? path)
    {
        try
        {
            return path is not null && File.Exists(path)
                ? JsonSerializer.Deserialize(
                    File.ReadAllBytes(path),
                    ProviderJson.Default.ProfileFile
                )
                : null;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // A profile of another user or a damaged one: the other places may hold a good one.
            return null;
        }
    }
}
