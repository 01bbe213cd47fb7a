using Dbaas.Control.Composition;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Machines;

/// <summary>Which driver serves which region.</summary>
internal sealed class MachineDrivers(
    IEnumerable<IMachineDriver> drivers,
    IOptions<ControlOptions> options
)
{
    private readonly IReadOnlyList<IMachineDriver> _drivers = [.. drivers];

    /// <summary>Names of all regions, the default one first.</summary>
    public IReadOnlyList<string> Regions { get; } =
    [.. options.Value.Regions.Select(region => region.Name)];

    /// <exception cref="MachineDriverException">The region is not configured, or its driver is not part of this build.</exception>
    public IMachineDriver For(string region)
    {
        var name = options
            .Value.Regions.FirstOrDefault(candidate => candidate.Name == region)
            ?.Driver;
        return _drivers.FirstOrDefault(driver => driver.Name == name)
            ?? throw new MachineDriverException(
                "machine.no_driver",
                $"No machine driver serves the region {region}.",
                retryable: false
            );
    }
}
