using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Client;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Http.Idempotency;

/// <summary>
/// Idempotency-Key on POST, PATCH and DELETE: the first answer below 500 is kept for 24 hours and replayed (with
/// <c>Idempotency-Replayed: true</c>); the same key with another request is 409, so is one whose first request is still being answered.
/// </summary>
internal sealed class IdempotencyMiddleware(
    RequestDelegate next,
    IdempotencyStore store,
    IHostApplicationLifetime lifetime
)
{
    private static readonly string[] s_keptHeaders = ["Location", "ETag", "Preference-Applied"];

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (
            !request.Headers.TryGetValue(DbaasHeaders.IdempotencyKey, out var header)
            || HttpMethods.IsGet(request.Method)
            || HttpMethods.IsHead(request.Method)
            || context.Features.Get<Caller>() is not { } caller
        )
        {
            await next(context);
            return;
        }

        var key = header.ToString();
        if (key.Length is < 1 or > 255 || key.Any(c => c is <= ' ' or > '~'))
        {
            await new Problem(
                "idempotency.key_invalid",
                400,
                "An Idempotency-Key is 1 to 255 visible ASCII characters."
            )
                .ToResult()
                .ExecuteAsync(context);
            return;
        }

        var hash = Hash(context);
        var (claim, first) = await store.ClaimAsync(caller, key, hash, context.RequestAborted);
        await (
            first is not null ? ReplayAsync(context, key, hash, first) : AnswerAsync(context, claim)
        );
    }

    private async Task AnswerAsync(HttpContext context, IdempotencyClaim claim)
    {
        // What a client has begun under a key goes on without it: it repeats the request exactly because its connection broke, and
        // must find the answer and not a free key.
        var aborted = context.RequestAborted;
        context.RequestAborted = lifetime.ApplicationStopping;
        var outward = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        var status = 0;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        finally
        {
            context.RequestAborted = aborted;
            context.Response.Body = outward;
            // Who is told when to come again comes with the same key, and must not find this refusal.
            if (
                status is 0 or 429 or 499 or >= 500
                || context.Response.Headers.ContainsKey("Retry-After")
            )
            {
                await store.ReleaseAsync(claim, CancellationToken.None);
            }
            else
            {
                await store.KeepAsync(
                    claim,
                    status,
                    HeadersOf(context.Response),
                    AnswerSeal.Seal(SecretOf(context), claim.Key, kept.ToArray()),
                    CancellationToken.None
                );
            }
        }

        kept.Position = 0;
        await kept.CopyToAsync(outward, aborted);
    }

    private static async Task ReplayAsync(
        HttpContext context,
        string key,
        byte[] hash,
        IdempotencyRecord first
    )
    {
        if (!first.RequestHash.AsSpan().SequenceEqual(hash))
        {
            await new Problem(
                "idempotency.mismatch",
                409,
                "This Idempotency-Key was used for another request. Draw a new one."
            )
                .ToResult()
                .ExecuteAsync(context);
            return;
        }

        if (first.Status is not { } status)
        {
            await new Problem(
                "idempotency.in_progress",
                409,
                "The first request with this Idempotency-Key is still being answered."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            }
                .ToResult()
                .ExecuteAsync(context);
            return;
        }

        byte[] body;
        try
        {
            body = AnswerSeal.Open(SecretOf(context), key, first.SealedBody);
        }
        catch (CryptographicException)
        {
            // The principal's other API key asked first, and only that one opens the answer.
            await new Problem(
                "idempotency.mismatch",
                409,
                "This Idempotency-Key was used with another API key. Draw a new one."
            )
                .ToResult()
                .ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        response.StatusCode = status;
        foreach (var (name, value) in first.Headers)
        {
            response.Headers[name] = value!.GetValue<string>();
        }

        response.Headers["Idempotency-Replayed"] = "true";
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The API key without its scheme, which may be written in any case.</summary>
    private static string SecretOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static JsonObject HeadersOf(HttpResponse response)
    {
        var headers = new JsonObject();
        if (response.ContentType is { } type)
        {
            headers["Content-Type"] = type;
        }

        foreach (var name in s_keptHeaders)
        {
            if (response.Headers.TryGetValue(name, out var value))
            {
                headers[name] = value.ToString();
            }
        }

        return headers;
    }

    /// <summary>Method, path, query and body: what makes two requests the same. The body was read into memory before.</summary>
    private static byte[] Hash(HttpContext context)
    {
        var request = context.Request;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}{request.QueryString}\n")
        );
        if (request.Body is MemoryStream body)
        {
            hash.AppendData(body.ToArray());
            body.Position = 0;
        }

        return hash.GetHashAndReset();
    }
}
