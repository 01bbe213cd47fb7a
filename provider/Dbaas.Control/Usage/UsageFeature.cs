namespace Dbaas.Control.Usage;

/// <summary>Registration of usage and prices.</summary>
internal static class UsageFeature
{
    public static IServiceCollection AddUsage(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<PriceOptions>()
            .Bind(configuration.GetSection("prices"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<PriceBook>();
        services.AddSingleton<PriceDesk>();
        services.AddSingleton<UsageMeter>();
        return services;
    }
}
