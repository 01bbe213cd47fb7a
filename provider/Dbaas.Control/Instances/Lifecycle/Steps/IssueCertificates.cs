using System.Net;
using Dbaas.Control.Operations;
using Dbaas.Control.Pki;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Certificates of the endpoint and of each member; their keys go into the vault.</summary>
internal sealed class IssueCertificates(InstanceStore store, IInstanceCertificates certificates)
    : InstanceStep
{
    public override string Name => "issue-certificates";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var row = parts.Instance;
        MemberSpecs.Value(
            await certificates.EnsureEndpointAsync(
                row.TenantId,
                row.InstanceId,
                row.KeyId,
                parts.Endpoint.HostName,
                IPAddress.Parse(parts.Endpoint.Address),
                cancellationToken
            )
        );
        foreach (var member in state.Members)
        {
            MemberSpecs.Value(
                await certificates.EnsureMemberAsync(
                    row.TenantId,
                    row.InstanceId,
                    row.KeyId,
                    member.Member,
                    IPAddress.Parse(member.Address),
                    cancellationToken
                )
            );
        }

        return state;
    }
}
