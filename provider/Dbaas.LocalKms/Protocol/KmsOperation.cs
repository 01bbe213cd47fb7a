using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dbaas.LocalKms.Protocol;

/// <summary>Reads the request, hands it to the operation and writes the response.</summary>
internal abstract class KmsOperation<TRequest, TResponse>(
    JsonTypeInfo<TRequest> requestType,
    JsonTypeInfo<TResponse> responseType
) : IKmsOperation
    where TRequest : class
    where TResponse : class
{
    public abstract string Name { get; }

    public async Task<Outcome<ResponseBody>> AnswerAsync(
        ReadOnlyMemory<byte> body,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var request =
            JsonSerializer.Deserialize(body.Span, requestType)
            ?? throw new JsonException("The body must be a JSON object.");
        var outcome = await HandleAsync(request, caller, cancellationToken);
        if (outcome.Refused(out var refusal, out var response))
        {
            return refusal;
        }

        try
        {
            return response is Nothing
                ? ResponseBody.Empty()
                : ResponseBody.Of(response, responseType);
        }
        finally
        {
            (response as IDisposable)?.Dispose();
        }
    }

    /// <summary>A response that holds key material implements <see cref="IDisposable"/> and zeroes it.</summary>
    protected abstract Task<Outcome<TResponse>> HandleAsync(
        TRequest request,
        Caller caller,
        CancellationToken cancellationToken
    );
}
