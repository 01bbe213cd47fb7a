using System.Net;
using Dbaas.Control.Keys;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Control.Pki;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Agent;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Puts together everything an agent must know. Holds secrets, so it is made when it is sent and never stored.</summary>
internal sealed class MemberSpecs(
    MachineDrivers drivers,
    EngineCatalogue engines,
    ICredentialVault vault,
    IInstanceCertificates certificates
)
{
    /// <param name="parts">Rows of the instance.</param>
    /// <param name="member">Which member.</param>
    /// <param name="spec">What shall be; the row's own, or the one before when an update is taken back.</param>
    /// <param name="adminPassword">Another one than in the vault, for a rotation under way.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<MemberSpec> BuildAsync(
        InstanceParts parts,
        MemberState member,
        InstanceSpec spec,
        string? adminPassword,
        CancellationToken cancellationToken
    )
    {
        var row = parts.Instance;
        var engine = engines.Get(row.Engine);
        var secrets = Value(
            await vault.EnsureAsync(
                row.TenantId,
                row.InstanceId,
                row.KeyId,
                SecretNames.Draw,
                cancellationToken
            )
        );
        var machine = IPAddress.Parse(member.Address);

        // Independent of each other, and each waits for somebody else: the store, the vault, the authority.
        var store = EnsureStoreUserAsync(
            parts,
            member,
            secrets[SecretNames.Store],
            cancellationToken
        );
        var endpointTls = certificates.EnsureEndpointAsync(
            row.TenantId,
            row.InstanceId,
            row.KeyId,
            parts.Endpoint.HostName,
            IPAddress.Parse(parts.Endpoint.Address),
            cancellationToken
        );
        var memberTls = certificates.EnsureMemberAsync(
            row.TenantId,
            row.InstanceId,
            row.KeyId,
            member.Member,
            machine,
            cancellationToken
        );
        var access = await store;
        return new MemberSpec
        {
            TenantId = row.TenantId.ToString(),
            InstanceId = row.InstanceId.ToString(),
            MemberId = member.Member.ToString(),
            Cluster = row.Cluster,
            Engine = row.Engine,
            EngineVersion = spec.Major(),
            Generation = row.Generation,
            Settings = engine.EffectiveSettings(spec.EngineVersion, spec.Size(), spec.Parameters),
            Databases = spec.Databases,
            ListenAddress = member.Address,
            Port = engine.Port,
            EndpointTls = Value(await endpointTls),
            InternalTls = Value(await memberTls),
            Store = new StoreSpec
            {
                Endpoints = [.. access.Endpoints],
                User = access.User,
                Password = secrets[SecretNames.Store],
                Prefix = access.Prefix,
                AuthorityPem = access.CaPem,
            },
            Secrets = new MemberSecrets
            {
                AdminUser = engine.AdminUser,
                AdminPassword = adminPassword ?? secrets[SecretNames.Admin],
                SuperuserPassword = secrets[SecretNames.Superuser],
                ReplicationPassword = secrets[SecretNames.Replication],
                RestPassword = secrets[SecretNames.Rest],
            },
        };
    }

    public Task<StoreAccess> EnsureStoreUserAsync(
        InstanceParts parts,
        MemberState member,
        string password,
        CancellationToken cancellationToken
    ) =>
        drivers
            .For(parts.Instance.Region)
            .EnsureStoreUserAsync(
                member.Host,
                new EnsureStoreUserRequest
                {
                    Owner = OwnerOf(parts, null),
                    Cluster = parts.Instance.Cluster,
                    Password = password,
                },
                cancellationToken
            );

    public static Owner OwnerOf(InstanceParts parts, MemberState? member) =>
        new()
        {
            TenantId = parts.Instance.TenantId.ToString(),
            InstanceId = parts.Instance.InstanceId.ToString(),
            MemberId = member?.Member.ToString() ?? "",
        };

    /// <summary>The value, or the step's failure. A key service that is away comes back; a refused key does not by itself.</summary>
    public static T Value<T>(Outcome<T> outcome)
        where T : notnull =>
        outcome.Succeeded
            ? outcome.Value
            : throw new StepFailedException(
                outcome.Problem,
                retryable: outcome.Problem.Status is 503 or 504 or 429
            );
}
