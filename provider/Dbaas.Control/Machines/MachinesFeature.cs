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
        services.AddSingleton<IHostDirectory, EnrolledHosts>();
        services.AddSingleton<HostChannels>();
        services.AddSingleton<IMachineDriver, HostMachineDriver>();
        var size = new SimulatedMachineOptions();
        services.AddSingleton<IMachineDriver>(provider => new SimulatedMachineDriver(
            size with
            {
                Cpus = configuration.GetValue("simulated:cpus", size.Cpus),
                MemoryBytes = Gib(
                    configuration.GetValue("simulated:memoryGib", size.MemoryBytes >> 30)
                ),
                DiskBytes = Gib(configuration.GetValue("simulated:diskGib", size.DiskBytes >> 30)),
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

    private static long Gib(long count) => count << 30;
}
