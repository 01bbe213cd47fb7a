using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dbaas.Control.Capacity;

/// <summary>Registration of capacity.</summary>
internal static class CapacityFeature
{
    public static IServiceCollection AddCapacity(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<CapacityOptions>()
            .Bind(configuration.GetSection("capacity"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<HostBoxes>();
        services.TryAddSingleton<CapacityLedger>();
        return services;
    }
}
