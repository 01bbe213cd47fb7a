using Dbaas.LocalKms.Operations.Aliases;
using Dbaas.LocalKms.Operations.Cryptography;
using Dbaas.LocalKms.Operations.Granting;
using Dbaas.LocalKms.Operations.Lifecycle;
using Dbaas.LocalKms.Operations.Policies;
using Dbaas.LocalKms.Operations.Rotation;
using Dbaas.LocalKms.Operations.Tagging;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

/// <summary>The line that makes an operation served.</summary>
internal static class OperationRegistration
{
    public static IServiceCollection AddKmsOperations(this IServiceCollection services) =>
        services
            .AddSingleton<IKmsOperation, CreateKey>()
            .AddSingleton<IKmsOperation, DescribeKey>()
            .AddSingleton<IKmsOperation, ListKeys>()
            .AddSingleton<IKmsOperation, Encrypt>()
            .AddSingleton<IKmsOperation, Decrypt>()
            .AddSingleton<IKmsOperation, GenerateDataKey>()
            .AddSingleton<IKmsOperation, GenerateDataKeyWithoutPlaintext>()
            .AddSingleton<IKmsOperation, ReEncrypt>()
            .AddSingleton<IKmsOperation, EnableKey>()
            .AddSingleton<IKmsOperation, DisableKey>()
            .AddSingleton<IKmsOperation, ScheduleKeyDeletion>()
            .AddSingleton<IKmsOperation, CancelKeyDeletion>()
            .AddSingleton<IKmsOperation, CreateGrant>()
            .AddSingleton<IKmsOperation, ListGrants>()
            .AddSingleton<IKmsOperation, RetireGrant>()
            .AddSingleton<IKmsOperation, RevokeGrant>()
            .AddSingleton<IKmsOperation, CreateAlias>()
            .AddSingleton<IKmsOperation, ListAliases>()
            .AddSingleton<IKmsOperation, UpdateAlias>()
            .AddSingleton<IKmsOperation, DeleteAlias>()
            .AddSingleton<IKmsOperation, UpdateKeyDescription>()
            .AddSingleton<IKmsOperation, TagResource>()
            .AddSingleton<IKmsOperation, UntagResource>()
            .AddSingleton<IKmsOperation, ListResourceTags>()
            .AddSingleton<IKmsOperation, EnableKeyRotation>()
            .AddSingleton<IKmsOperation, DisableKeyRotation>()
            .AddSingleton<IKmsOperation, GetKeyRotationStatus>()
            .AddSingleton<IKmsOperation, RotateKeyOnDemand>()
            .AddSingleton<IKmsOperation, ListKeyRotations>()
            .AddSingleton<IKmsOperation, ListRetirableGrants>()
            .AddSingleton<IKmsOperation, GetKeyPolicy>()
            .AddSingleton<IKmsOperation, PutKeyPolicy>()
            .AddSingleton<IKmsOperation, ListKeyPolicies>()
            .AddSingleton<IKmsOperation, GenerateRandom>();
}
