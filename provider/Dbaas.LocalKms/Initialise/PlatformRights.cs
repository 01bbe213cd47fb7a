using Dbaas.LocalKms.Principals;

namespace Dbaas.LocalKms.Initialise;

/// <summary>What the platform's own principals may do.</summary>
internal static class PlatformRights
{
    private static readonly Dictionary<string, string> Credentials = new()
    {
        ["purpose"] = "credentials",
    };

    /// <summary>
    /// The control service makes keys, wraps data keys it never sees, and lets hosts open them. The only plaintexts it may have are the
    /// engines' credentials: no detour may lead to a volume's key, so it can grant to hosts alone and re-encrypt only under the same context.
    /// </summary>
    public static IReadOnlyList<Right> Control(IReadOnlyList<string> hosts) =>
        [
            new()
            {
                Operations =
                [
                    "CreateKey",
                    "DescribeKey",
                    "ListKeys",
                    "EnableKey",
                    "DisableKey",
                    "ScheduleKeyDeletion",
                    "CancelKeyDeletion",
                    "CreateAlias",
                    "ListAliases",
                    "ListGrants",
                    "RetireGrant",
                    "RevokeGrant",
                    "GenerateDataKeyWithoutPlaintext",
                    "GenerateRandom",
                ],
            },
            new() { Operations = ["Encrypt", "Decrypt", "GenerateDataKey"], Context = Credentials },
            new() { Operations = ["ReEncryptFrom", "ReEncryptTo"], ContextUnchanged = true },
            new() { Operations = ["CreateGrant"], Grantees = hosts },
        ];

    /// <summary>
    /// The person who owns the machine, with the AWS CLI. Whoever reads these credentials is root and could read the master key as well.
    /// </summary>
    public static IReadOnlyList<Right> Administrator => [new() { Operations = [Right.Everything] }];

    /// <summary>A host may do nothing by itself; grants let it open what it must mount.</summary>
    public static IReadOnlyList<Right> Host => [];
}
