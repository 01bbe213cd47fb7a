using System.Diagnostics;
using System.Text.Json;
using Dbaas.LocalKms.Signatures;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Protocol;

/// <summary>POST /: one request of AWS JSON 1.1 from signature to answer.</summary>
internal sealed partial class KmsEndpoint(
    OperationCatalogue catalogue,
    SignatureCheck signatures,
    ILogger<KmsEndpoint> logger
)
{
    /// <summary>The largest request is a 6144-byte ciphertext with two contexts of 8192 characters and ten grant tokens.</summary>
    public const int MaximumBodyBytes = 256 * 1024;
    private const string ContentType = "application/x-amz-json-1.1";
    private const string RequestIdHeader = "x-amzn-RequestId";

    public async Task HandleAsync(HttpContext http)
    {
        var requestId = Guid.NewGuid().ToString();
        http.Response.Headers[RequestIdHeader] = requestId;
        http.Response.ContentType = ContentType;
        http.Response.Headers.CacheControl = "no-store";
        var target = http.Request.Headers["X-Amz-Target"] is [var only] ? only : null;
        var audit = new Audit(target, requestId, Stopwatch.GetTimestamp());
        KmsRefusal refusal;
        try
        {
            using var body = await ReadBodyAsync(http.Request, http.RequestAborted);
            var outcome = await AnswerAsync(http.Request, target, body, audit, http.RequestAborted);
            if (!outcome.Refused(out var refused, out var response))
            {
                using (response)
                {
                    Record(audit, null);
                    http.Response.ContentLength = response.Bytes.Length;
                    await http.Response.Body.WriteAsync(response.Bytes, http.RequestAborted);
                    return;
                }
            }

            refusal = refused;
        }
        catch (BadHttpRequestException exception)
        {
            refusal = new KmsRefusal(
                exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? "RequestEntityTooLargeException"
                    : "SerializationException",
                $"The request could not be read; a body holds at most {MaximumBodyBytes} bytes.",
                exception.StatusCode
            );
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            // The caller learns the request id only: an exception's text may quote what it was working on.
            LogFailed(exception, requestId, target);
            refusal = new KmsRefusal(
                "KMSInternalException",
                $"Internal failure, request {requestId}.",
                500
            );
        }

        Record(audit, refusal);
        await RefuseAsync(http, refusal);
    }

    private async Task<Outcome<ResponseBody>> AnswerAsync(
        HttpRequest request,
        string? target,
        SecretBytes body,
        Audit audit,
        CancellationToken cancellationToken
    )
    {
        // Who asks comes first: strangers do not learn what is served here.
        if (signatures.Identify(request, body.Span).Refused(out var stranger, out var principal))
        {
            return stranger;
        }

        audit.Caller = new Caller(principal);
        if (catalogue.Find(target) is not { } operation)
        {
            return new KmsRefusal("UnknownOperationException", "");
        }

        if (
            request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
            is not true
        )
        {
            return new KmsRefusal("SerializationException", $"Content-Type must be {ContentType}.");
        }

        try
        {
            return await operation.AnswerAsync(body.Memory, audit.Caller, cancellationToken);
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or InvalidOperationException { Source: "System.Text.Json" }
            )
        {
            return new KmsRefusal(
                "SerializationException",
                $"The body is not the JSON that {operation.Name} takes."
            );
        }
    }

    // Read into memory that is zeroed afterwards: a plaintext may be in it.
    private static async Task<SecretBytes> ReadBodyAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength is not { } length)
        {
            throw new BadHttpRequestException(
                "Content-Length is required.",
                StatusCodes.Status411LengthRequired
            );
        }

        if (length > MaximumBodyBytes)
        {
            throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
        }

        var body = new SecretBytes((int)length);
        try
        {
            await request.Body.ReadExactlyAsync(body.Memory, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static async Task RefuseAsync(HttpContext http, KmsRefusal refusal)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ErrorBody(refusal.Type, refusal.Message),
            KmsJson.Default.ErrorBody
        );
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private void Record(Audit audit, KmsRefusal? refusal)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        LogAnswered(
            audit.Caller?.Principal.Arn,
            audit.Target,
            refusal?.Type ?? "ok",
            audit.Caller?.KeyArn,
            audit.Caller?.ContextKeys,
            audit.Caller?.GrantId,
            audit.RequestId,
            Stopwatch.GetElapsedTime(audit.StartedAt).TotalMilliseconds
        );
    }

    private sealed class Audit(string? target, string requestId, long startedAt)
    {
        public string? Target => target;
        public string RequestId => requestId;
        public long StartedAt => startedAt;
        public Caller? Caller { get; set; }
    }

    [LoggerMessage(
        7001,
        LogLevel.Information,
        "{Principal} {Operation}: {Result}; key {Key}, context {ContextKeys}, grant {Grant}, request {RequestId}, {ElapsedMilliseconds} ms"
    )]
    private partial void LogAnswered(
        string? principal,
        string? operation,
        string result,
        string? key,
        IReadOnlyCollection<string>? contextKeys,
        string? grant,
        string requestId,
        double elapsedMilliseconds
    );

    [LoggerMessage(7002, LogLevel.Error, "Request {RequestId} ({Operation}) failed")]
    private partial void LogFailed(Exception exception, string requestId, string? operation);
}
