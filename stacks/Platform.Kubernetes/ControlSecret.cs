using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json.Nodes;
using Dbaas.Stacks.Settings;
using Pulumi;

namespace Dbaas.Stacks.Platform.Kubernetes;

/// <summary>All files of the control service: its settings hold passwords and are as secret as the keys beside them.</summary>
internal static class ControlSecret
{
    /// <summary>Where the files lie in the container: memory, not disk.</summary>
    public const string Folder = "/run/dbaas";

    /// <summary>Where the first administrator's key is kept.</summary>
    public const string State = "/var/lib/dbaas";

    /// <summary>File contents by name.</summary>
    public static Output<ImmutableDictionary<string, string>> Files(
        KubernetesPlatformSettings settings
    ) =>
        Output
            .Tuple(
                settings.Pki,
                settings.EnrolmentTokens,
                settings.MetadataPasswords,
                settings.KmsCredentials
            )
            .Apply(secrets =>
            {
                var (pki, tokens, passwords, kms) = secrets;
                var control = ControlFile.Describe(
                    Folder,
                    State,
                    $"{Folder}/kms-ca.crt",
                    settings.Regions,
                    tokens
                );
                control["metadata"] = new JsonObject
                {
                    ["ownerConnectionString"] = Connection(
                        settings,
                        "dbaas_owner",
                        passwords["owner"]
                    ),
                    ["appConnectionString"] = Connection(settings, "dbaas_app", passwords["app"]),
                    ["platformConnectionString"] = Connection(
                        settings,
                        "dbaas_platform",
                        passwords["platform"]
                    ),
                };
                return ControlFile
                    .PkiFiles.ToImmutableDictionary(name => name, name => pki[name])
                    .Add("control.json", control.ToJsonString())
                    .Add("metadata-ca.crt", settings.MetadataCa)
                    .Add("kms-ca.crt", settings.KmsCa)
                    .Add(
                        "kms.json",
                        ControlFile.KeyServiceCredentials(
                            kms["accessKeyId"],
                            kms["secretAccessKey"]
                        )
                    );
            });

    private static string Connection(
        KubernetesPlatformSettings settings,
        string role,
        string password
    ) =>
        new DbConnectionStringBuilder
        {
            ["Host"] = settings.MetadataHost,
            ["Port"] = settings.MetadataPort,
            ["Database"] = settings.MetadataDatabase,
            ["Username"] = role,
            ["Password"] = password,
            ["SSL Mode"] = "VerifyFull",
            ["Root Certificate"] = $"{Folder}/metadata-ca.crt",
        }.ConnectionString;
}
