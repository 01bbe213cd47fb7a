using Pulumi;
using Pulumi.Aws;
using Pulumi.Aws.Iam;
using Pulumi.Aws.Kms;
using Alias = Pulumi.Aws.Kms.Alias;
using Key = Pulumi.Aws.Kms.Key;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>
/// The platform's own key, and the principals that use customers' keys. Control makes and grants; a host has no right of its own and decrypts
/// only what a grant of the moment names.
/// </summary>
internal sealed class AwsKeys : ComponentResource
{
    private static readonly string[] DecryptAlone = ["Decrypt"];

    public AwsKeys(AwsPlatformSettings settings, ComponentResourceOptions? options = null)
        : base("dbaas-stacks:aws:Keys", "keys", options)
    {
        var child = new CustomResourceOptions { Parent = this };
        var account = GetCallerIdentity.Invoke().Apply(identity => identity.AccountId);
        Platform = new Key(
            "platform",
            new KeyArgs
            {
                Description = "DBaaS platform: metadata, secrets and disks",
                EnableKeyRotation = true,
                DeletionWindowInDays = 30,
                Policy = account.Apply(id => PlatformPolicy(id, settings.AwsRegion)),
            },
            new CustomResourceOptions { Parent = this, Protect = true }
        );
        _ = new Alias(
            "platform",
            new AliasArgs { Name = "alias/dbaas-platform", TargetKeyId = Platform.KeyId },
            child
        );
        foreach (var region in settings.Regions)
        {
            var user = new User($"host-{region}", new UserArgs { Path = "/dbaas/" }, child);
            HostUsers[region] = user;
            HostKeys[region] = new AccessKey(
                $"host-{region}",
                new AccessKeyArgs { User = user.Name },
                child
            );
        }

        var control = new User("control", new UserArgs { Path = "/dbaas/" }, child);
        var hosts = Output.All(HostUsers.Values.Select(user => user.Arn));
        _ = new UserPolicy(
            "control",
            new UserPolicyArgs
            {
                User = control.Name,
                Policy = Output
                    .Tuple(account, Platform.Arn, hosts)
                    .Apply(parts =>
                        ControlPolicy(
                            parts.Item1,
                            settings.AwsRegion,
                            parts.Item2,
                            [.. parts.Item3]
                        )
                    ),
            },
            child
        );
        ControlKey = new AccessKey("control", new AccessKeyArgs { User = control.Name }, child);
    }

    /// <summary>Encrypts what belongs to the platform itself. Customers' data lies under keys of their own.</summary>
    public Key Platform { get; }
    public AccessKey ControlKey { get; }

    /// <summary>Principal of a region's hosts.</summary>
    public Dictionary<string, User> HostUsers { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, AccessKey> HostKeys { get; } = new(StringComparer.Ordinal);

    private static string PlatformPolicy(string account, string region) =>
        PolicyText.Json(
            new PolicyText.Statement(
                "Administrators",
                ["kms:*"],
                ["*"],
                Principal: ("AWS", $"arn:aws:iam::{account}:root")
            ),
            // Whoever may use a database, secret or disk of this account may do so through that service, and only through it.
            new PolicyText.Statement(
                "ServicesOfThisAccount",
                [
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:CreateGrant",
                    "kms:DescribeKey",
                ],
                ["*"],
                Principal: ("AWS", "*"),
                Condition: new()
                {
                    ["StringEquals"] = new()
                    {
                        ["kms:CallerAccount"] = account,
                        ["kms:ViaService"] = new[]
                        {
                            $"rds.{region}.amazonaws.com",
                            $"secretsmanager.{region}.amazonaws.com",
                            $"ec2.{region}.amazonaws.com",
                        },
                    },
                }
            )
        );

    private static string ControlPolicy(
        string account,
        string region,
        string platformKey,
        string[] hosts
    )
    {
        string[] keys = [$"arn:aws:kms:{region}:{account}:key/*"];
        return PolicyText.Json(
            new PolicyText.Statement("MakeKeysOfTenants", ["kms:CreateKey"], ["*"]),
            new PolicyText.Statement(
                "UseKeysOfTenants",
                [
                    "kms:DescribeKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:Decrypt",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                    "kms:RetireGrant",
                ],
                keys
            ),
            new PolicyText.Statement(
                "LetHostsDecrypt",
                ["kms:CreateGrant"],
                keys,
                Condition: new()
                {
                    ["StringEquals"] = new() { ["kms:GranteePrincipal"] = hosts },
                    ["ForAllValues:StringEquals"] = new()
                    {
                        ["kms:GrantOperations"] = DecryptAlone,
                    },
                }
            ),
            new PolicyText.Statement(
                "NeverThePlatformsOwnKey",
                ["kms:*"],
                [platformKey],
                Effect: "Deny"
            )
        );
    }
}
