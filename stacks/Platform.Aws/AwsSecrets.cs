using System.Text.Json;
using Dbaas.Stacks.Settings;
using Pulumi;
using Pulumi.Aws.SecretsManager;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>What machines fetch when they start: nothing secret is in their user data, image or environment.</summary>
internal sealed class AwsSecrets : ComponentResource
{
    /// <summary>Where a machine keeps its secrets: memory, not disk.</summary>
    public const string Folder = "/run/dbaas";

    /// <summary>Where the control service keeps the first administrator's key.</summary>
    public const string State = "/var/lib/dbaas/control";

    private const string SystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

    public AwsSecrets(
        AwsPlatformSettings settings,
        AwsKeys keys,
        ComponentResourceOptions? options = null
    )
        : base("dbaas-stacks:aws:Secrets", "secrets", options)
    {
        var principals = Output.All(settings.Regions.Select(region => keys.HostUsers[region].Arn));
        Control = Keep(
            "control",
            keys,
            Output
                .Tuple(
                    settings.Pki,
                    settings.EnrolmentTokens,
                    settings.MetadataPasswords,
                    Output.Tuple(keys.ControlKey.Id, keys.ControlKey.Secret, principals)
                )
                .Apply(parts =>
                {
                    var (pki, tokens, passwords, (accessKey, secretKey, arns)) = parts;
                    var regions = settings.Regions.Select(
                        (region, index) =>
                            new PlatformRegion
                            {
                                Name = region,
                                KmsEndpoint = KeyService(settings),
                                KmsRegion = settings.AwsRegion,
                                HostPrincipal = arns[index],
                            }
                    );
                    var files = ControlFile.PkiFiles.ToDictionary(name => name, name => pki[name]);
                    files["control.json"] = ControlFile
                        .Describe(Folder, State, SystemAuthorities, regions, tokens)
                        .ToJsonString();
                    files["kms.json"] = ControlFile.KeyServiceCredentials(accessKey, secretKey);
                    files["app-password"] = passwords["app"];
                    files["platform-password"] = passwords["platform"];
                    return JsonSerializer.Serialize(files);
                })
        );
        foreach (var region in settings.Regions)
        {
            var key = keys.HostKeys[region];
            Hosts[region] = Keep(
                $"host-{region}",
                keys,
                Output
                    .Tuple(settings.Pki, settings.EnrolmentTokens, key.Id, key.Secret)
                    .Apply(parts =>
                    {
                        var (pki, tokens, accessKey, secretKey) = parts;
                        return JsonSerializer.Serialize(
                            new Dictionary<string, string>
                            {
                                ["enrol-token"] = tokens[region],
                                ["endpoint-ca.crt"] = pki["endpoint-ca.crt"],
                                ["kms.json"] = ControlFile.KeyServiceCredentials(
                                    accessKey,
                                    secretKey
                                ),
                            }
                        );
                    })
            );
        }
    }

    /// <summary>Files of the control service by name.</summary>
    public Secret Control { get; }

    /// <summary>Files of a host by name, by region.</summary>
    public Dictionary<string, Secret> Hosts { get; } = new(StringComparer.Ordinal);

    /// <summary>URL of AWS KMS.</summary>
    public static string KeyService(AwsPlatformSettings settings) =>
        $"https://kms.{settings.AwsRegion}.amazonaws.com";

    private Secret Keep(string name, AwsKeys keys, Output<string> content)
    {
        var child = new CustomResourceOptions { Parent = this };
        var secret = new Secret(
            name,
            new SecretArgs
            {
                Description = $"DBaaS: files of {name}",
                KmsKeyId = keys.Platform.Arn,
                RecoveryWindowInDays = 30,
            },
            child
        );
        _ = new SecretVersion(
            name,
            new SecretVersionArgs
            {
                SecretId = secret.Id,
                // Its parts are secret already; this holds even if one of them ever is not.
                SecretString = Output.CreateSecret(content),
            },
            child
        );
        return secret;
    }
}
