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
            .AddSingleton<IKmsOperation, GenerateRandom>();
}
