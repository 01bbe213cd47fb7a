using System.Net;
using Refit;

namespace Dbaas.Provider.Connection;

/// <summary>How one request is sent, and what is learned from whether anyone answers.</summary>
internal sealed partial class ResourceClient
{
    // Whether the service has answered in this run: before, an address that leads nowhere is more likely than a service that restarts.
    private volatile bool answered;

    // When the service went silent; 0 while it answers. Counted for all calls together: a thousand resources that wait for a service that
    // does not come back wait once.
    private long silentSince;

    private async Task<IApiResponse<string>> SendAsync(
        Func<Task<IApiResponse<string>>> send,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await send();
            if (
                !response.HasResponseError(out var broken)
                && response.HasRequestError(out var failure)
            )
            {
                throw failure.InnerException ?? failure;
            }

            if (
                response.IsSuccessStatusCode
                && broken?.InnerException is { } loss
                && loss is IOException or HttpRequestException or OperationCanceledException
            )
            {
                // The answer broke off in its body: it is lost, and not one that cannot be understood.
                response.Dispose();
                throw loss;
            }

            Heard(response.StatusCode);
            return response;
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException
                || IsTimeout(error, cancellationToken)
            )
        {
            HeardNothing();
            var reason =
                error.InnerException is System.Security.Authentication.AuthenticationException
                    ? $"its certificate is not trusted (is {tool.Setting("caFile")} or DBAAS_CA_FILE right?): "
                        + error.InnerException.Message
                    : error.Message;
            throw new UnreachableException(
                $"The control service at {settings.Endpoint} cannot be reached: {reason}",
                error
            );
        }
    }

    private void Heard(HttpStatusCode? status)
    {
        if (IsAway(status))
        {
            HeardNothing();
            return;
        }

        answered = true;
        Interlocked.Exchange(ref silentSince, 0);
    }

    private void HeardNothing() =>
        Interlocked.CompareExchange(ref silentSince, time.GetTimestamp(), 0);

    private TimeSpan Silence =>
        Interlocked.Read(ref silentSince) is not 0 and var since
            ? time.GetElapsedTime(since)
            : TimeSpan.Zero;

    /// <summary>What a service that stops or starts says, and what something in front of it says while it is not there.</summary>
    private static bool IsAway(HttpStatusCode? status) =>
        status
            is HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;

    private static bool IsTimeout(Exception error, CancellationToken cancellationToken) =>
        error is OperationCanceledException && !cancellationToken.IsCancellationRequested;
}
