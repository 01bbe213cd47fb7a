namespace Dbaas.Host.Gateway;

/// <summary>Where the region's HAProxy keeps its files and whom it trusts.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Everything of the gateway on this host, e.g. <c>hosts/REGION/gateway</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Unprivileged uid that HAProxy runs under.</summary>
    public required int Uid { get; init; }

    /// <summary>PEM file of the internal authority; health checks take no other certificate.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>Connections of all endpoints together. Default 10,000: each costs two descriptors and some 35 KB. Less where the limit on open files says so.</summary>
    public int MaxConnections { get; init; } = 10_000;
}
