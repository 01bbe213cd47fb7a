namespace Dbaas.Control.Retention;

/// <summary>Registration of what forgets.</summary>
internal static class RetentionFeature
{
    public static IServiceCollection AddRetention(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<RetentionOptions>()
            .Bind(configuration.GetSection("retention"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<RetentionSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<RetentionSweep>());
        return services;
    }
}
