using System.CommandLine;
using Dbaas.Cli.Problems;
using Dbaas.Client.Profiles;

namespace Dbaas.Cli.Connection;

/// <summary>Which installation to talk to and as whom: flags first, then the environment, then the profile.</summary>
internal sealed record ConnectionSettings
{
    public static Option<string?> EndpointOption { get; } =
        new("--endpoint")
        {
            Recursive = true,
            HelpName = "URL",
            Description = "Control service, e.g. https://127.0.0.1:7443 (DBAAS_ENDPOINT).",
        };

    public static Option<string?> CaFileOption { get; } =
        new("--ca-file")
        {
            Recursive = true,
            HelpName = "FILE",
            Description = "PEM file of the authority to trust (DBAAS_CA_FILE).",
        };

    public static Option<string?> TenantOption { get; } =
        new("--tenant")
        {
            Recursive = true,
            HelpName = "TENANT",
            Description = "Tenant to act in, when the key belongs to several (DBAAS_TENANT).",
        };

    public required Uri Endpoint { get; init; }
    public string? CaFile { get; init; }

    /// <summary>Never a flag: arguments can be read by everybody on the machine.</summary>
    public required string ApiKey { get; init; }
    public string? Tenant { get; init; }

    /// <summary>Never prints the key.</summary>
    public override string ToString() => Endpoint.ToString();

    /// <exception cref="CliException">Endpoint or key are missing or make no sense.</exception>
    public static ConnectionSettings Resolve(ParseResult parsed, Func<string, string?> environment)
    {
        var profile = Find(environment);
        var named = First(parsed.GetValue(EndpointOption), environment("DBAAS_ENDPOINT"));
        if (named is not null && !profile.IsOf(named))
        {
            // The profile's key belongs to the profile's service; another one must not be shown it.
            profile = new Profile();
        }

        var endpoint = named ?? profile.Endpoint;
        var apiKey = First(environment("DBAAS_API_KEY"), profile.ApiKey);
        if (endpoint is null || apiKey is null)
        {
            throw new CliException(
                ExitCode.Usage,
                endpoint is null
                    ? "No control service is known."
                    : $"No API key for {endpoint} is known.",
                "Start an installation with `make up`, or set DBAAS_ENDPOINT, DBAAS_CA_FILE and DBAAS_API_KEY."
            );
        }

        if (
            !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            || uri.Scheme != Uri.UriSchemeHttps
        )
        {
            throw new CliException(
                ExitCode.Usage,
                $"The endpoint must be an https URL, not '{endpoint}'."
            );
        }

        return new ConnectionSettings
        {
            Endpoint = uri,
            CaFile = First(
                parsed.GetValue(CaFileOption),
                environment("DBAAS_CA_FILE"),
                profile.CaFile
            ),
            ApiKey = apiKey,
            Tenant = First(
                parsed.GetValue(TenantOption),
                environment("DBAAS_TENANT"),
                profile.Tenant
            ),
        };
    }

    private static Profile Find(Func<string, string?> environment)
    {
        try
        {
            return Profile.Find(environment);
        }
        catch (ProfileException exception)
        {
            throw new CliException(ExitCode.Usage, exception.Message);
        }
    }

    private static string? First(params ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                return value;
            }
        }

        return null;
    }
}
