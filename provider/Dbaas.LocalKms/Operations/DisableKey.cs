using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed class DisableKey(KeySwitch keySwitch)
    : KmsOperation<KeyIdRequest, Nothing>(KmsJson.Default.KeyIdRequest, KmsJson.Default.Nothing)
{
    public override string Name => "DisableKey";

    protected override Task<Outcome<Nothing>> HandleAsync(
        KeyIdRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => keySwitch.SetAsync(caller, Name, request.KeyId, KeyState.Disabled, cancellationToken);
}
