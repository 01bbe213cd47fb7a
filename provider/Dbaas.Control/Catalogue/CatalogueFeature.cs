using Dbaas.Control.Capacity;
using Dbaas.Control.Machines;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dbaas.Control.Catalogue;

internal static class CatalogueFeature
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.TryAddSingleton<MachineDrivers>();
        services.TryAddSingleton<CapacityLedger>();
        return services;
    }
}
