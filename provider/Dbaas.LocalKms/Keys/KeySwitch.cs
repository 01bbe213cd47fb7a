using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Keys;

/// <summary>Enables and disables keys. A key that is pending deletion must be rescued first (CancelKeyDeletion).</summary>
internal sealed class KeySwitch(KeyGate gate, KeyStore keys)
{
    public async Task<Outcome<Nothing>> SetAsync(
        Caller caller,
        string action,
        string? keyId,
        KeyState state,
        CancellationToken cancellationToken
    )
    {
        if (
            gate.Administer(caller, keyId, new AccessRequest(action))
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        var changed = await keys.ChangeAsync(
            key.KeyId,
            current =>
                current.State == KeyState.PendingDeletion
                    ? new KmsRefusal(
                        "KMSInvalidStateException",
                        $"{current.Arn} is pending deletion."
                    )
                : current.State == state ? current
                : current with { State = state },
            cancellationToken
        );
        return changed.Refused(out var unchanged, out _) ? unchanged : Nothing.Value;
    }
}
