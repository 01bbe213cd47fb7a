using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Lifecycle;

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
    ) =>
        (
            await gate.Administer(caller, request.KeyId, new AccessRequest(Name))
                .ThenAsync(key => keys.ChangeAsync(key.KeyId, Rescue, cancellationToken))
        ).Then<CancelKeyDeletionResponse>(rescued => new CancelKeyDeletionResponse(rescued.Arn));

    private static Outcome<KeyRecord> Rescue(KeyRecord key) =>
        key.State == KeyState.PendingDeletion
            ? key with
            {
                State = KeyState.Disabled,
                DeletionDate = null,
            }
            : new KmsRefusal("KMSInvalidStateException", $"{key.Arn} is not pending deletion.");
}
