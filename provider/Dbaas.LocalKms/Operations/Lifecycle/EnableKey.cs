using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Lifecycle;

internal sealed class EnableKey(KeyChange change)
    : KmsOperation<KeyIdRequest, Nothing>(KmsJson.Default.KeyIdRequest, KmsJson.Default.Nothing)
{
    public override string Name => "EnableKey";

    protected override Task<Outcome<Nothing>> HandleAsync(
        KeyIdRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => change.SwitchAsync(caller, Name, request.KeyId, KeyState.Enabled, cancellationToken);
}
