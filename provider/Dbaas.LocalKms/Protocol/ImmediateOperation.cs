using System.Text.Json.Serialization.Metadata;

namespace Dbaas.LocalKms.Protocol;

/// <summary>An operation that stores nothing and so has nothing to wait for.</summary>
internal abstract class ImmediateOperation<TRequest, TResponse>(
    JsonTypeInfo<TRequest> requestType,
    JsonTypeInfo<TResponse> responseType
) : KmsOperation<TRequest, TResponse>(requestType, responseType)
    where TRequest : class
    where TResponse : class
{
    protected abstract Outcome<TResponse> Answer(TRequest request, Caller caller);

    protected sealed override Task<Outcome<TResponse>> HandleAsync(
        TRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => Task.FromResult(Answer(request, caller));
}
