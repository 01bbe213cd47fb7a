using System.Security.Authentication;

namespace Dbaas.Provider.Connection;

/// <summary>The control service gave no answer that could be understood.</summary>
/// <param name="message">For the user.</param>
/// <param name="inner">What the connection said; null when somebody answered.</param>
/// <param name="isAway">Something in front of the service answered that it is not there (502, 503, 504), or it is in no state to answer.</param>
/// <param name="retryAfter">When to come back, as that answer says.</param>
internal sealed class UnreachableException(
    string message,
    Exception? inner = null,
    bool isAway = false,
    TimeSpan? retryAfter = null
) : Exception(message, inner)
{
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>
    /// The request was sent and its answer lost: it may have been carried out. Not so when no connection came about, or when whoever
    /// answered is not the control service.
    /// </summary>
    public bool MayHaveArrived =>
        isAway
        || InnerException switch
        {
            HttpRequestException request => request.HttpRequestError
                is not (
                    HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError
                ),
            // The time for connecting ran out, not the one for answering.
            OperationCanceledException { InnerException: TimeoutException } => false,
            IOException or OperationCanceledException => true,
            _ => false,
        };

    /// <summary>The same request may be answered later. Not so when the certificate is not trusted or something else answered.</summary>
    public bool MayPass =>
        isAway
        || InnerException
            is IOException
                or OperationCanceledException
                or HttpRequestException { InnerException: not AuthenticationException };

    /// <summary>Nothing came back for as long as one attempt may take.</summary>
    public bool TimedOut => InnerException is OperationCanceledException;
}
