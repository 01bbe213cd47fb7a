namespace Dbaas.Control.Tenancy;

internal static class TenancyFeature
{
    public static IServiceCollection AddTenancy(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<TenancyOptions>()
            .Bind(configuration.GetSection("defaultQuota"))
            .Validate(
                o => o is { Instances: >= 0, Cpu: >= 0, MemoryGib: >= 0, StorageGib: >= 0 },
                "defaultQuota: amounts are zero or more."
            )
            .ValidateOnStart();
        services.AddSingleton<ITenants, Tenants>();
        services.AddSingleton<FirstAdministrator>();
        return services;
    }
}
