using Google.Protobuf;

namespace Dbaas.Provider.Hosting;

/// <summary>One routed method.</summary>
/// <param name="Invoke">Answers a request, with one message or a stream of them; null for a stream that is held open and never says anything.</param>
/// <param name="Answered">Runs once the answer is on its way.</param>
internal sealed record GrpcMethod(
    Func<byte[], CancellationToken, IAsyncEnumerable<IMessage>>? Invoke,
    Action? Answered = null
)
{
    // Three messages a level of a JSON-like value. Far beyond any resource, far below the end of the stack.
    private const int DeepestMessage = 3_000;

    /// <summary>A method by its message types.</summary>
    public static GrpcMethod Of<TRequest>(
        MessageParser<TRequest> parser,
        Func<TRequest, CancellationToken, Task<IMessage>> invoke
    )
        where TRequest : IMessage<TRequest> =>
        new((request, cancellationToken) => One(invoke(Parse(parser, request), cancellationToken)));

    /// <summary>A method that answers with a stream.</summary>
    public static GrpcMethod Streaming<TRequest>(
        MessageParser<TRequest> parser,
        Func<TRequest, CancellationToken, IAsyncEnumerable<IMessage>> invoke
    )
        where TRequest : IMessage<TRequest> =>
        new((request, cancellationToken) => invoke(Parse(parser, request), cancellationToken));

    private static async IAsyncEnumerable<IMessage> One(Task<IMessage> answer)
    {
        yield return await answer;
    }

    private static TRequest Parse<TRequest>(MessageParser<TRequest> parser, byte[] request)
        where TRequest : IMessage<TRequest>
    {
        try
        {
            using var stream = new MemoryStream(request, writable: false);
            using var input = CodedInputStream.CreateWithLimits(
                stream,
                int.MaxValue,
                DeepestMessage
            );
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new GrpcException(
                GrpcStatus.InvalidArgument,
                $"The request cannot be read: {error.Message}"
            );
        }
    }
}
