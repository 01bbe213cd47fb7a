namespace Dbaas.Control.Keys;

internal static class KeysFeature
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddSingleton<IKeyServices, KeyServices>();
        services.AddSingleton<IDataKeys, DataKeys>();
        services.AddSingleton<ICredentialVault, CredentialVault>();
        services.AddSingleton<ICustomerKeys, CustomerKeys>();
        services.AddSingleton<StaleGrants>();
        services.AddSingleton<KeySweep>();
        services.AddSingleton<IDefaultKeys>(p => p.GetRequiredService<KeySweep>());
        services.AddHostedService(p => p.GetRequiredService<KeySweep>());
        return services;
    }
}
