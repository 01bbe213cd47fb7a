using System.Security.Cryptography;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Operations.Cryptography;

internal sealed record GenerateDataKeyResponse(
    byte[] CiphertextBlob,
    byte[] Plaintext,
    string KeyId
) : IDisposable
{
    public void Dispose() => CryptographicOperations.ZeroMemory(Plaintext);

    public override string ToString() => KeyId;
}

internal sealed class GenerateDataKey(KeyGate gate, KeyCipher cipher)
    : ImmediateOperation<DataKeyRequest, GenerateDataKeyResponse>(
        KmsJson.Default.DataKeyRequest,
        KmsJson.Default.GenerateDataKeyResponse
    )
{
    public override string Name => "GenerateDataKey";

    protected override Outcome<GenerateDataKeyResponse> Answer(
        DataKeyRequest request,
        Caller caller
    )
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
        return new GenerateDataKeyResponse(
            cipher.Seal(key, dataKey.Span, request.Context),
            dataKey.Span.ToArray(),
            key.Arn
        );
    }
}
