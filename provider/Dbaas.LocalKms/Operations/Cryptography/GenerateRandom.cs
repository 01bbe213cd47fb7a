using System.Security.Cryptography;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Cryptography;

internal sealed record GenerateRandomRequest(int? NumberOfBytes);

internal sealed record GenerateRandomResponse(byte[] Plaintext) : IDisposable
{
    public void Dispose() => CryptographicOperations.ZeroMemory(Plaintext);

    public override string ToString() => $"{Plaintext.Length} bytes";
}

internal sealed class GenerateRandom(Access access)
    : ImmediateOperation<GenerateRandomRequest, GenerateRandomResponse>(
        KmsJson.Default.GenerateRandomRequest,
        KmsJson.Default.GenerateRandomResponse
    )
{
    private const int MaximumBytes = 1024;

    public override string Name => "GenerateRandom";

    protected override Outcome<GenerateRandomResponse> Answer(
        GenerateRandomRequest request,
        Caller caller
    )
    {
        if (
            RequestRules.Length("numberOfBytes", request.NumberOfBytes, 1, MaximumBytes) is
            { } invalid
        )
        {
            return invalid;
        }

        return access.Refuse(caller, new AccessRequest(Name)) is { } denied
            ? denied
            : new GenerateRandomResponse(
                RandomNumberGenerator.GetBytes(request.NumberOfBytes!.Value)
            );
    }
}
