using Microsoft.Extensions.Options;

namespace Dbaas.Control.Composition;

/// <summary>Checked at start; every message says what to write instead.</summary>
internal sealed class ControlOptionsValidator : IValidateOptions<ControlOptions>
{
    public ValidateOptionsResult Validate(string? name, ControlOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        Port(options.Port, "port", faults);
        Port(options.SiloPort, "siloPort", faults);
        Required(options.CertificateFile, "certificateFile", faults);
        Required(options.KeyFile, "keyFile", faults);
        Required(options.Pki.InternalCertificateFile, "pki.internalCertificateFile", faults);
        Required(options.Pki.InternalKeyFile, "pki.internalKeyFile", faults);
        Required(options.Pki.EndpointCertificateFile, "pki.endpointCertificateFile", faults);
        Required(options.Pki.EndpointKeyFile, "pki.endpointKeyFile", faults);
        Required(options.Pki.ClientCertificateFile, "pki.clientCertificateFile", faults);
        Required(options.Pki.ClientKeyFile, "pki.clientKeyFile", faults);
        Required(options.KmsCredentialsFile, "kmsCredentialsFile", faults);
        Required(options.FirstAdminKeyFile, "firstAdminKeyFile", faults);
        if (
            options.Connections.HeadersTimeoutSeconds is < 1 or > 60
            || options.Connections.IdleTimeoutSeconds is < 1 or > 600
            || options.Connections.Maximum < 1
        )
        {
            faults.Add(
                "connections: write headersTimeoutSeconds 1 to 60, idleTimeoutSeconds 1 to 600 and a maximum of at least 1."
            );
        }

        if (options.Regions.Count == 0)
        {
            faults.Add("regions: name at least one.");
        }

        foreach (var region in options.Regions)
        {
            Required(region.Name, "regions[].name", faults);
            if (
                !Uri.TryCreate(region.KmsEndpoint, UriKind.Absolute, out var uri)
                || uri.Scheme != Uri.UriSchemeHttps
            )
            {
                faults.Add($"regions[{region.Name}].kmsEndpoint: write an https URL.");
            }

            if (region.Driver is not ("host" or "simulated"))
            {
                faults.Add($"regions[{region.Name}].driver: write host or simulated.");
            }
        }

        foreach (var enrolment in options.Enrolment)
        {
            if (options.Regions.All(region => region.Name != enrolment.Region))
            {
                faults.Add($"enrolment: region '{enrolment.Region}' is not listed in regions.");
            }

            if (
                enrolment.TokenSha256.Length != 64
                || !enrolment.TokenSha256.All(char.IsAsciiHexDigit)
            )
            {
                faults.Add(
                    $"enrolment[{enrolment.Region}].tokenSha256: write the 64 hex digits of the token's SHA-256."
                );
            }
        }

        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults);
    }

    private static void Port(int port, string name, List<string> faults)
    {
        if (port is < 0 or > 65535)
        {
            faults.Add($"{name}: write a port, 1 to 65535.");
        }
    }

    private static void Required(string value, string name, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            faults.Add($"{name}: is missing.");
        }
    }
}
