namespace Dbaas.Control.Capacity;

/// <summary>A host and what it can promise in all.</summary>
internal sealed record HostSize(string HostId, Demand Total);
