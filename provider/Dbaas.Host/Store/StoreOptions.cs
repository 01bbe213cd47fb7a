namespace Dbaas.Host.Store;

/// <summary>Where the region's etcd lies and listens.</summary>
internal sealed record StoreOptions
{
    /// <summary>Everything of the store on this host, e.g. <c>hosts/REGION/etcd</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Address that machines reach; must exist on an interface before the store starts.</summary>
    public required string Address { get; init; }

    public required int ClientPort { get; init; }

    public required int PeerPort { get; init; }

    /// <summary>Unprivileged uid that etcd runs under.</summary>
    public required int Uid { get; init; }

    /// <summary>PEM file; names <see cref="Address"/>. Read at each start and, by etcd, at each handshake from its copy.</summary>
    public required string CertificateFile { get; init; }

    public required string KeyFile { get; init; }

    /// <summary>PEM file of the internal authority.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>etcd refuses writes beyond this many bytes. Default 2 GiB, room for about 100,000 instances.</summary>
    public long QuotaBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    public string Endpoint => $"{Address}:{ClientPort}";
}
