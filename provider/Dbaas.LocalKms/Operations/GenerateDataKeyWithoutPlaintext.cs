using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Operations;

internal sealed record WrappedDataKeyResponse(byte[] CiphertextBlob, string KeyId);

internal sealed class GenerateDataKeyWithoutPlaintext(KeyGate gate, KeyCipher cipher)
    : KmsOperation<DataKeyRequest, WrappedDataKeyResponse>(
        KmsJson.Default.DataKeyRequest,
        KmsJson.Default.WrappedDataKeyResponse
    )
{
    public override string Name => "GenerateDataKeyWithoutPlaintext";

    protected override Task<Outcome<WrappedDataKeyResponse>> HandleAsync(
        DataKeyRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => Task.FromResult(Generate(request, caller));

    private Outcome<WrappedDataKeyResponse> Generate(DataKeyRequest request, Caller caller)
    {
        if (request.Refuse() is { } invalid)
        {
            return invalid;
        }

        if (
            gate.Use(caller, request.KeyId, request.Access(Name), request.DryRun is true)
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        using var dataKey = SecretBytes.Random(request.LengthBytes);
        return new WrappedDataKeyResponse(cipher.Seal(key, dataKey.Span, request.Context), key.Arn);
    }
}
