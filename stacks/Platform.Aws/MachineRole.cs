using Pulumi;
using Pulumi.Aws.Iam;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>What a machine may do at AWS: read its own secrets, fetch the release, and be reached by Session Manager instead of SSH.</summary>
internal static class MachineRole
{
    /// <param name="name">Name of the machine's kind.</param>
    /// <param name="settings">Of the platform.</param>
    /// <param name="keys">The platform's key decrypts the secrets.</param>
    /// <param name="secrets">ARNs of the secrets it may read.</param>
    /// <param name="parent">Component it belongs to.</param>
    public static InstanceProfile Declare(
        string name,
        AwsPlatformSettings settings,
        AwsKeys keys,
        IEnumerable<Output<string>> secrets,
        Resource parent
    )
    {
        var child = new CustomResourceOptions { Parent = parent };
        var role = new Role(
            name,
            new RoleArgs { Path = "/dbaas/", AssumeRolePolicy = PolicyText.TrustEc2() },
            child
        );
        _ = new RolePolicyAttachment(
            name,
            new RolePolicyAttachmentArgs
            {
                Role = role.Name,
                PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            },
            child
        );
        _ = new RolePolicy(
            name,
            new RolePolicyArgs
            {
                Role = role.Id,
                Policy = Output
                    .Tuple(Output.All(secrets), keys.Platform.Arn)
                    .Apply(parts => Policy(settings, [.. parts.Item1], parts.Item2)),
            },
            child
        );
        return new InstanceProfile(
            name,
            new InstanceProfileArgs { Path = "/dbaas/", Role = role.Name },
            child
        );
    }

    private static string Policy(AwsPlatformSettings settings, string[] secrets, string key) =>
        PolicyText.Json(
            new PolicyText.Statement("ReadOwnSecrets", ["secretsmanager:GetSecretValue"], secrets),
            new PolicyText.Statement(
                "DecryptOwnSecrets",
                ["kms:Decrypt"],
                [key],
                Condition: new()
                {
                    ["StringEquals"] = new()
                    {
                        ["kms:ViaService"] = $"secretsmanager.{settings.AwsRegion}.amazonaws.com",
                        ["kms:EncryptionContext:SecretARN"] = secrets,
                    },
                }
            ),
            new PolicyText.Statement(
                "FetchRelease",
                ["s3:GetObject"],
                [$"arn:aws:s3:::{settings.ReleaseBucket}/{settings.ReleaseKey}"]
            )
        );
}
