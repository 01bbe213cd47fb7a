namespace Dbaas.Client.Hosts;

/// <summary>An enrolled host. Only platform administrators see hosts.</summary>
public sealed record HostView
{
    public required string Id { get; init; }
    public required string Region { get; init; }

    /// <summary>host:port of its mTLS interface.</summary>
    public required string Address { get; init; }

    /// <summary>online, unreachable.</summary>
    public required string State { get; init; }
    public required string Version { get; init; }
    public required IReadOnlyDictionary<string, string> Facts { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Sent once by a new host, authenticated by its enrolment token in the Authorization header.</summary>
public sealed record EnrolHostRequest
{
    public required string Region { get; init; }
    public required string Address { get; init; }

    /// <summary>PKCS#10 request in PEM; the key never leaves the host.</summary>
    public required string CertificateRequestPem { get; init; }

    /// <summary>PKCS#10 request for the region's store (etcd); its name is the region's service address.</summary>
    public required string StoreCertificateRequestPem { get; init; }

    /// <summary>Addresses the host offers for endpoints, CIDR.</summary>
    public required string EndpointRange { get; init; }
    public required string KeyServiceEndpoint { get; init; }
}

public sealed record EnrolHostResponse
{
    public required string HostId { get; init; }
    public required string CertificatePem { get; init; }
    public required string StoreCertificatePem { get; init; }

    /// <summary>The internal authority: who may call the host.</summary>
    public required string InternalAuthorityPem { get; init; }
}

public sealed record InventoryItemView(
    string HostId,
    string Kind,
    string Name,
    string Owner,
    string Detail,
    bool Platform,
    bool Orphan
);
