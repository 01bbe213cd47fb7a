using Google.Protobuf;

namespace Dbaas.Provider.Hosting;

/// <summary>One routed method.</summary>
/// <param name="Invoke">Answers a request; null for a stream that is held open and never says anything.</param>
/// <param name="Answered">Runs once the answer is on its way.</param>
internal sealed record GrpcMethod(
    Func<ReadOnlyMemory<byte>, CancellationToken, Task<IMessage>>? Invoke,
    Action? Answered = null
)
{
    /// <summary>A method by its message types.</summary>
    public static GrpcMethod Of<TRequest>(
        MessageParser<TRequest> parser,
        Func<TRequest, CancellationToken, Task<IMessage>> invoke
    )
        where TRequest : IMessage<TRequest> =>
        new(
            (request, cancellationToken) =>
                invoke(parser.ParseFrom(request.Span), cancellationToken)
        );
}
