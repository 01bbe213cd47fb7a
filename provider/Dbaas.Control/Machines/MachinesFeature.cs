using Dbaas.Control.Composition;
using Dbaas.Control.Machines.Host;
using Dbaas.Control.Machines.Simulated;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Machines;

/// <summary>Registration of the machine drivers: one line each.</summary>
internal static class MachinesFeature
{
    public static IServiceCollection AddMachines(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services.TryAddSingleton<MachineDrivers>();
        services.AddSingleton<HostChannels>();
        services.AddSingleton<IMachineDriver, HostMachineDriver>();
        services.AddSingleton<IMachineDriver>(provider => new SimulatedMachineDriver(
            new SimulatedMachineOptions
            {
                Regions =
                [
                    .. provider
                        .GetRequiredService<IOptions<ControlOptions>>()
                        .Value.Regions.Where(region => region.Driver == "simulated")
                        .Select(region => region.Name),
                ],
                Folder = configuration["simulated:folder"],
            },
            new SimulatedFaults()
        ));
        return services;
    }
}
