using Dbaas.Host.Containers;
using Dbaas.Host.Gateway;
using Dbaas.Host.Images;
using Dbaas.Host.Store;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Dbaas.Host.Rpc;

/// <summary>
/// Turns refusals into gRPC statuses with the trailers that host.proto promises. What nobody expected becomes INTERNAL, is logged once,
/// here, and may be tried again: every call is an ensure. How long the others took is logged too: a create is made of them.
/// </summary>
internal sealed partial class RefusalInterceptor(
    TimeProvider time,
    ILogger<RefusalInterceptor> logger
) : Interceptor
{
    // Looks at what is there take a few milliseconds; whatever takes longer is a step somebody waits for.
    private const double WorthALine = 20;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        var started = time.GetTimestamp();
        try
        {
            var answer = await continuation(request, context);
            var took = time.GetElapsedTime(started).TotalMilliseconds;
            if (took >= WorthALine)
            {
                LogTook(context.Method, Math.Round(took));
            }
            return answer;
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Translate(exception, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case HostRefusal refusal:
                LogRefused(context.Method, refusal.Code, refusal.Message);
                return Build(Status(refusal.Kind), refusal.Code, refusal.Retryable, exception);
            case ImageException image:
                return Build(Status(image.Retryable), image.Code, image.Retryable, exception);
            case StoreException store:
                return Build(Status(store.Retryable), store.Code, store.Retryable, exception);
            case GatewayException gateway:
                return Build(Status(gateway.Retryable), gateway.Code, gateway.Retryable, exception);
            case OperationCanceledException:
                return Build(StatusCode.Cancelled, "host.cancelled", true, exception);
            default:
                LogFailed(exception, context.Method);
                var code =
                    exception is ContainerException ? "machine.container_refused" : "host.failed";
                return Build(StatusCode.Internal, code, true, exception);
        }
    }

    private static StatusCode Status(bool retryable) =>
        retryable ? StatusCode.Unavailable : StatusCode.FailedPrecondition;

    private static StatusCode Status(RefusalKind kind) =>
        kind switch
        {
            RefusalKind.Invalid => StatusCode.InvalidArgument,
            RefusalKind.NotFound => StatusCode.NotFound,
            RefusalKind.Forbidden => StatusCode.FailedPrecondition,
            RefusalKind.Exhausted => StatusCode.ResourceExhausted,
            RefusalKind.Busy => StatusCode.Aborted,
            _ => StatusCode.Unavailable,
        };

    private static RpcException Build(
        StatusCode status,
        string code,
        bool retryable,
        Exception exception
    ) =>
        new(
            new Status(status, exception.Message, exception),
            new Grpc.Core.Metadata
            {
                { "dbaas-code", code },
                { "dbaas-retry", retryable ? "1" : "0" },
            }
        );

    [LoggerMessage(4501, LogLevel.Information, "{Method} refused: {Code} {Reason}")]
    private partial void LogRefused(string method, string code, string reason);

    [LoggerMessage(4504, LogLevel.Information, "{Method} took {Milliseconds} ms")]
    private partial void LogTook(string method, double milliseconds);

    [LoggerMessage(4502, LogLevel.Error, "{Method} failed")]
    private partial void LogFailed(Exception exception, string method);
}
