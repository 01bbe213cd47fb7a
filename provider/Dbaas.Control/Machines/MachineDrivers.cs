using Dbaas.Control.Composition;
using Dbaas.Control.Metadata;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Machines;

/// <summary>Which driver serves which region.</summary>
internal sealed class MachineDrivers(
    IEnumerable<IMachineDriver> drivers,
    IOptions<ControlOptions> options
)
{
    /// <summary>Longer than the metadata database lets anybody wait: that one is away is no silence of hosts.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IMachineDriver> _drivers = [.. drivers];

    /// <summary>Names of all regions, the default one first.</summary>
    public IReadOnlyList<string> Regions { get; } =
    [.. options.Value.Regions.Select(region => region.Name)];

    /// <summary>
    /// To ask the region's hosts. No connection of the metadata database may be held meanwhile: finding a host takes one of its own, and
    /// an answer takes seconds when the host is frozen (ADR 0119).
    /// </summary>
    /// <exception cref="MachineDriverException">The region is not configured, or its driver is not part of this build.</exception>
    public IMachineDriver For(string region)
    {
        ConnectionHold.MustBeNone("A host is asked");
        return Of(region);
    }

    /// <summary>Facts of the region's hosts that answer now; none when the region is away.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The metadata database, which knows where they are, is away.</exception>
    public async Task<IReadOnlyList<HostFacts>> AnsweringAsync(
        string region,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(s_patience);
            return await For(region).DescribeAsync(region, deadline.Token);
        }
        catch (Exception exception)
            when (exception is MachineDriverException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return [];
        }
    }

    /// <summary>The name of the driver that serves the region.</summary>
    /// <exception cref="MachineDriverException">As <see cref="For"/>.</exception>
    public string NameOf(string region) => Of(region).Name;

    private IMachineDriver Of(string region)
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
