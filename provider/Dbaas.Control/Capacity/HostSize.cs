namespace Dbaas.Control.Capacity;

/// <summary>A host and what it can promise in all.</summary>
/// <param name="HostId">Its id.</param>
/// <param name="Total">What it can promise.</param>
/// <param name="GrowsMountedVolumes">Whether storage grows while the engine serves.</param>
internal sealed record HostSize(string HostId, Demand Total, bool GrowsMountedVolumes);
