using System.Text.Json;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;

namespace Dbaas.Cli.Connection;

/// <summary>profile.json: how to reach an installation, written by `make up`.</summary>
internal sealed record Profile
{
    private const string FileName = "profile.json";
    private const string DefaultRoot = "/var/lib/dbaas";

    public string? Endpoint { get; init; }
    public string? CaFile { get; init; }
    public string? ApiKey { get; init; }
    public string? Tenant { get; init; }

    /// <summary>Never prints the key.</summary>
    public override string ToString() => Endpoint ?? "";

    /// <summary>The first that exists of $DBAAS_ROOT/, /var/lib/dbaas/ and ~/.config/dbaas/profile.json; empty when none does.</summary>
    public static Profile Find(Func<string, string?> environment)
    {
        foreach (var folder in Folders(environment))
        {
            var path = Path.Combine(folder, FileName);
            try
            {
                return JsonSerializer.Deserialize<Profile>(
                        File.ReadAllBytes(path),
                        JsonOutput.Options
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
                throw new CliException(
                    ExitCode.Usage,
                    $"{path} is not a profile: {exception.Message}"
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
