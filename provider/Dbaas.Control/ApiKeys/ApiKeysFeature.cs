namespace Dbaas.Control.ApiKeys;

internal static class ApiKeysFeature
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services) =>
        services.AddSingleton<IApiKeyIssuer, ApiKeyIssuer>().AddSingleton<IApiKeys, ApiKeyStore>();
}
