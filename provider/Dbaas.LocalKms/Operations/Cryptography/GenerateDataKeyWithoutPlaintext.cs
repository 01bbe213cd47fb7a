using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Operations.Cryptography;

internal sealed record WrappedDataKeyResponse(byte[] CiphertextBlob, string KeyId);

internal sealed class GenerateDataKeyWithoutPlaintext(KeyGate gate, KeyCipher cipher)
    : ImmediateOperation<DataKeyRequest, WrappedDataKeyResponse>(
        KmsJson.Default.DataKeyRequest,
        KmsJson.Default.WrappedDataKeyResponse
    )
{
    public override string Name => "GenerateDataKeyWithoutPlaintext";

    protected override Outcome<WrappedDataKeyResponse> Answer(DataKeyRequest request, Caller caller)
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
