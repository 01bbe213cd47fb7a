using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed record CancelKeyDeletionResponse(string KeyId);

/// <summary>The key comes back disabled, as in AWS: somebody has to want it again.</summary>
internal sealed class CancelKeyDeletion(KeyGate gate, KeyStore keys)
    : KmsOperation<KeyIdRequest, CancelKeyDeletionResponse>(
        KmsJson.Default.KeyIdRequest,
        KmsJson.Default.CancelKeyDeletionResponse
    )
{
    public override string Name => "CancelKeyDeletion";

    protected override async Task<Outcome<CancelKeyDeletionResponse>> HandleAsync(
        KeyIdRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (
            gate.Administer(caller, request.KeyId, new AccessRequest(Name))
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        var outcome = await keys.ChangeAsync(
            key.KeyId,
            current =>
                current.State == KeyState.PendingDeletion
                    ? current with
                    {
                        State = KeyState.Disabled,
                        DeletionDate = null,
                    }
                    : new KmsRefusal(
                        "KMSInvalidStateException",
                        $"{current.Arn} is not pending deletion."
                    ),
            cancellationToken
        );
        return outcome.Refused(out var unchanged, out var rescued)
            ? unchanged
            : new CancelKeyDeletionResponse(rescued.Arn);
    }
}
