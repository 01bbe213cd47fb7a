using System.Net;
using Dbaas.Control.Ids;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Pki;

/// <summary>
/// Certificates of an instance and its members (P-256, TLS server). Keys are drawn here, kept in the credential vault and sent to the
/// agent; repeated, the same certificate is answered until two thirds of its life are over, then a new one.
/// </summary>
internal interface IInstanceCertificates
{
    /// <summary>What users see: signed by the endpoint authority, names the endpoint's host and address.</summary>
    Task<Outcome<TlsMaterial>> EnsureEndpointAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        string hostName,
        IPAddress address,
        CancellationToken cancellationToken
    );

    /// <summary>What members and the platform see: signed by the internal authority, names the member and its machine's address.</summary>
    Task<Outcome<TlsMaterial>> EnsureMemberAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        MemberId member,
        IPAddress address,
        CancellationToken cancellationToken
    );
}
