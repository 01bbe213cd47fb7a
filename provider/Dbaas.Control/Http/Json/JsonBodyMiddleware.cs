using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Http.Json;

/// <summary>
/// Reads and judges the body before the endpoint binds it. Bodies are at most 1 MiB, so they are kept in memory; the endpoint and
/// idempotency read the same bytes again.
/// </summary>
internal sealed class JsonBodyMiddleware(RequestDelegate next, IOptions<JsonOptions> json)
{
    public const int MaximumBytes = 1024 * 1024;

    private static readonly JsonDocumentOptions s_documents = new()
    {
        MaxDepth = JsonInspection.MaximumDepth + 1,
    };

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts)
        {
            if (await RefuseAsync(context, accepts) is { } problem)
            {
                await problem.ToResult().ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    private async Task<Problem?> RefuseAsync(HttpContext context, IAcceptsMetadata accepts)
    {
        var request = context.Request;
        if (request.ContentLength > MaximumBytes)
        {
            return TooLarge();
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new Problem("request.media_type", 415, "Send the body without compression.");
        }

        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            if (body.Length + read > MaximumBytes)
            {
                return TooLarge();
            }

            body.Write(buffer, 0, read);
        }

        if (body.Length == 0)
        {
            return accepts.IsOptional
                ? null
                : new Problem("json.body_required", 400, "Send a JSON object as the body.");
        }

        if (!request.HasJsonContentType())
        {
            return new Problem("request.media_type", 415, "Send application/json in UTF-8.");
        }

        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (JsonInspection.InspectText(bytes.Span) is { } malformed)
        {
            return malformed;
        }

        body.Position = 0;
        request.Body = body;
        return accepts.RequestType is { } type ? Shape(bytes, type) : null;
    }

    private Problem? Shape(ReadOnlyMemory<byte> bytes, Type type)
    {
        var node = JsonNode.Parse(bytes.Span, documentOptions: s_documents);
        if (node is not JsonObject)
        {
            return new Problem("json.type", 422, "Send a JSON object as the body.", "");
        }

        var faults = JsonInspection.InspectShape(
            node,
            json.Value.SerializerOptions.GetTypeInfo(type)
        );
        return faults.Count == 0 ? null : JsonProblem.Of(faults);
    }

    private static Problem TooLarge() => new("request.too_large", 413, "Send at most 1 MiB.");
}
