namespace Dbaas.Provider.Connection;

/// <summary>The control service gave no answer that could be understood.</summary>
internal sealed class UnreachableException(string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>
    /// The request was sent and its answer lost: it may have been carried out. Not so when no connection came about, or when whoever
    /// answered is not the control service.
    /// </summary>
    public bool MayHaveArrived =>
        InnerException switch
        {
            HttpRequestException request => request.HttpRequestError
                is not (
                    HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError
                ),
            IOException or OperationCanceledException => true,
            _ => false,
        };
}
