using Dbaas.Client.Catalogue;
using Dbaas.Client.Hosts;

namespace Dbaas.Cli.Shell;

/// <summary>The JSON that <c>dbaas status -o json</c> prints.</summary>
/// <param name="Endpoint">Address of the control service.</param>
/// <param name="Regions">Regions with what is free in them.</param>
/// <param name="Instances">Number of instances by status.</param>
/// <param name="Hosts">Null when the caller may not see hosts.</param>
internal sealed record PlatformStatus(
    string Endpoint,
    IReadOnlyList<RegionView> Regions,
    IReadOnlyDictionary<string, int> Instances,
    IReadOnlyList<HostView>? Hosts
);
