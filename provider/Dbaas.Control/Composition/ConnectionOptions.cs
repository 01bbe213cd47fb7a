namespace Dbaas.Control.Composition;

/// <summary>How long and how many connections to the API are held (<c>connections</c> in the settings file).</summary>
internal sealed class ConnectionOptions
{
    /// <summary>Seconds for the TLS handshake, and again for the headers of a request. 15: a dribbling client is gone within 30 seconds.</summary>
    public int HeadersTimeoutSeconds { get; set; } = 15;

    /// <summary>Seconds a connection may stay without a request. 30: idle ones cost memory, and clients open a new one in milliseconds.</summary>
    public int IdleTimeoutSeconds { get; set; } = 30;

    /// <summary>Open connections; further ones are closed at once. 10000: about half a gigabyte when all of them do TLS.</summary>
    public int Maximum { get; set; } = 10_000;
}
