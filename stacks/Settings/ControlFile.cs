using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Stacks.Settings;

/// <summary>The control service's settings file, in the words of docs/control-configuration.md.</summary>
public static class ControlFile
{
    /// <summary>Port of the API.</summary>
    public const int Port = 7443;

    /// <summary>Files of the two authorities and of the control service, as stacks/new-secrets draws them.</summary>
    public static IReadOnlyList<string> PkiFiles { get; } =
    [
        "internal-ca.crt",
        "internal-ca.key",
        "endpoint-ca.crt",
        "endpoint-ca.key",
        "control.crt",
        "control.key",
        "control-client.crt",
        "control-client.key",
    ];

    /// <summary>Writes the file without the metadata's connection strings.</summary>
    /// <param name="folder">Folder of its secrets, absolute.</param>
    /// <param name="state">Folder that outlives the process, absolute.</param>
    /// <param name="kmsCaFile">Authorities of the key services' certificates.</param>
    /// <param name="regions">Regions.</param>
    /// <param name="enrolmentTokens">Token by region; only its hash goes into the file.</param>
    public static JsonObject Describe(
        string folder,
        string state,
        string kmsCaFile,
        IEnumerable<PlatformRegion> regions,
        IReadOnlyDictionary<string, string> enrolmentTokens
    ) =>
        new()
        {
            ["listenAddress"] = "0.0.0.0",
            ["port"] = Port,
            ["certificateFile"] = $"{folder}/control.crt",
            ["keyFile"] = $"{folder}/control.key",
            ["pki"] = new JsonObject
            {
                ["internalCertificateFile"] = $"{folder}/internal-ca.crt",
                ["internalKeyFile"] = $"{folder}/internal-ca.key",
                ["endpointCertificateFile"] = $"{folder}/endpoint-ca.crt",
                ["endpointKeyFile"] = $"{folder}/endpoint-ca.key",
                ["clientCertificateFile"] = $"{folder}/control-client.crt",
                ["clientKeyFile"] = $"{folder}/control-client.key",
            },
            ["kmsCredentialsFile"] = $"{folder}/kms.json",
            ["kmsCaFile"] = kmsCaFile,
            ["firstAdminKeyFile"] = $"{state}/first-admin-key",
            ["regions"] = new JsonArray([
                .. regions.Select(region => new JsonObject
                {
                    ["name"] = region.Name,
                    ["kmsEndpoint"] = region.KmsEndpoint,
                    ["kmsRegion"] = region.KmsRegion.Length > 0 ? region.KmsRegion : region.Name,
                    ["hostPrincipal"] = region.HostPrincipal,
                    ["driver"] = "host",
                }),
            ]),
            ["enrolment"] = new JsonArray([
                .. enrolmentTokens.Select(token => new JsonObject
                {
                    ["region"] = token.Key,
                    ["tokenSha256"] = Convert.ToHexStringLower(
                        SHA256.HashData(Encoding.UTF8.GetBytes(token.Value))
                    ),
                }),
            ]),
        };

    /// <summary>The file with which a principal signs its calls to key services.</summary>
    /// <param name="accessKeyId">Public half.</param>
    /// <param name="secretAccessKey">Secret half.</param>
    public static string KeyServiceCredentials(string accessKeyId, string secretAccessKey) =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["accessKeyId"] = accessKeyId,
                ["secretAccessKey"] = secretAccessKey,
            }
        );
}
