using System.Net;
using System.Net.Http.Headers;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Wire;

namespace Dbaas.Provider.Pulumi.Engine;

/// <summary>
/// Sends messages to the engine that started this process. Saying something must never break what it is about: without an engine, or
/// with one that is gone, the message is lost. Thread-safe.
/// </summary>
internal sealed class EngineHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = Patience,
        }
    )
    {
        Timeout = Patience,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private volatile string? address;

    /// <summary>host:port of the engine; null when nobody said.</summary>
    public string? Address => address;

    /// <summary>The latest address given is the right one.</summary>
    public void Use(string? given)
    {
        if (!string.IsNullOrEmpty(given))
        {
            address = given;
        }
    }

    /// <summary>A remark that stays in the output, beside the resource it is about.</summary>
    public Task SayAsync(LogSeverity severity, string message, string urn) =>
        SendAsync(
            new LogRequest
            {
                Severity = severity,
                Message = message,
                Urn = urn,
            }
        );

    /// <summary>A line that shows how far something is and is replaced by the next. Nobody waits for it to arrive.</summary>
    public void Show(string message, string urn) =>
        _ = SendAsync(
            new LogRequest
            {
                Severity = LogSeverity.Info,
                Message = message,
                Urn = urn,
                Ephemeral = true,
            }
        );

    public void Dispose() => client.Dispose();

    private async Task SendAsync(LogRequest line)
    {
        if (
            address is not { } engine
            || !Uri.TryCreate(
                $"http://{engine}/pulumirpc.Engine/Log",
                UriKind.Absolute,
                out var uri
            )
        )
        {
            return;
        }

        try
        {
            using var content = new ByteArrayContent(GrpcFrame.Of(line));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            using var request = new HttpRequestMessage(HttpMethod.Post, uri)
            {
                Content = content,
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.TE.ParseAdd("trailers");
            using var response = await client.SendAsync(request);
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            // The engine is gone or busy ending.
        }
    }
}
