using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Keys;

/// <summary>Changes to a key by whoever may administer it. One that is pending deletion must be rescued first (CancelKeyDeletion).</summary>
internal sealed class KeyChange(KeyGate gate, KeyStore keys)
{
    /// <param name="decide">Gets the key as it is now; answering the same record stores nothing.</param>
    public Task<Outcome<KeyRecord>> ApplyAsync(
        Caller caller,
        string action,
        string? keyId,
        Func<KeyRecord, Outcome<KeyRecord>> decide,
        CancellationToken cancellationToken
    ) =>
        gate.Administer(caller, keyId, new AccessRequest(action))
            .ThenAsync(key =>
                keys.ChangeAsync(
                    key.KeyId,
                    current =>
                        current.State == KeyState.PendingDeletion
                            ? KmsRefusal.PendingDeletion(current.Arn)
                            : decide(current),
                    cancellationToken
                )
            );

    /// <summary>For operations that answer nothing.</summary>
    public async Task<Outcome<Nothing>> QuietlyAsync(
        Caller caller,
        string action,
        string? keyId,
        Func<KeyRecord, Outcome<KeyRecord>> decide,
        CancellationToken cancellationToken
    ) =>
        (await ApplyAsync(caller, action, keyId, decide, cancellationToken)).Then<Nothing>(_ =>
            Nothing.Value
        );

    /// <summary>Enables or disables.</summary>
    public Task<Outcome<Nothing>> SwitchAsync(
        Caller caller,
        string action,
        string? keyId,
        KeyState state,
        CancellationToken cancellationToken
    ) =>
        QuietlyAsync(
            caller,
            action,
            keyId,
            current => current.State == state ? current : current with { State = state },
            cancellationToken
        );
}
