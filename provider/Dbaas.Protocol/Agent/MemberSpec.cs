namespace Dbaas.Protocol.Agent;

/// <summary>
/// Everything an agent must know to run one member of one instance. Sent whole with each change: the agent compares it with what
/// runs and does the difference, so a repeated or late request is harmless.
/// </summary>
public sealed record MemberSpec
{
    public required string TenantId { get; init; }
    public required string InstanceId { get; init; }
    public required string MemberId { get; init; }

    /// <summary>Patroni's scope and the store's prefix; stable for the life of the instance.</summary>
    public required string Cluster { get; init; }

    /// <summary>Engine name as in the catalogue, e.g. <c>postgresql</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>Major version, e.g. <c>18</c>; the minor is the image's.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Rises with every change of the specification; an agent refuses a lower one than it has applied.</summary>
    public required long Generation { get; init; }

    /// <summary>Effective engine settings: derived from the size, then the user's, then the ones the platform keeps.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Databases that must exist. Others are left alone.</summary>
    public required IReadOnlyList<string> Databases { get; init; }

    /// <summary>Address of the machine's network interface on which the engine listens.</summary>
    public required string ListenAddress { get; init; }

    public required int Port { get; init; }

    /// <summary>Certificate for clients of the endpoint; names the endpoint's host and address.</summary>
    public required TlsMaterial EndpointTls { get; init; }

    /// <summary>Certificate for members, Patroni's REST interface and health checks.</summary>
    public required TlsMaterial InternalTls { get; init; }

    public required StoreSpec Store { get; init; }

    public required MemberSecrets Secrets { get; init; }
}

/// <summary>PEM texts. The key is written to the encrypted volume with mode 0600 and nowhere else.</summary>
public sealed record TlsMaterial
{
    public required string CertificatePem { get; init; }
    public required string KeyPem { get; init; }
    public required string AuthorityPem { get; init; }
}

/// <summary>How this instance reaches its own prefix of the region's store (etcd).</summary>
public sealed record StoreSpec
{
    /// <summary>host:port, reached over TLS 1.3.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }
    public required string User { get; init; }
    public required string Password { get; init; }
    public required string Prefix { get; init; }
    public required string AuthorityPem { get; init; }
}

/// <summary>Passwords the engine needs. Never logged, never passed by argument or environment.</summary>
public sealed record MemberSecrets
{
    /// <summary>Login role handed to the user; no superuser.</summary>
    public required string AdminUser { get; init; }
    public required string AdminPassword { get; init; }
    public required string SuperuserPassword { get; init; }
    public required string ReplicationPassword { get; init; }

    /// <summary>Guards the member's own control interface (Patroni's REST).</summary>
    public required string RestPassword { get; init; }
}
