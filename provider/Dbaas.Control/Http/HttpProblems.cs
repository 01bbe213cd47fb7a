using Dbaas.Control.Problems;

namespace Dbaas.Control.Http;

/// <summary>Refusals that do not depend on the resource.</summary>
internal static class HttpProblems
{
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(
            "request.route_unknown",
            404,
            "No such route",
            "Check the path; every route is listed at /openapi/v1.json."
        ),
        new(
            "request.method_not_allowed",
            405,
            "Method not allowed",
            "Use one of the methods in the Allow header."
        ),
        new("request.not_acceptable", 406, "Not acceptable", "Accept application/json."),
        new("request.too_large", 413, "Body too large", "Send at most 1 MiB."),
        new(
            "request.media_type",
            415,
            "Unsupported media type",
            "Send application/json in UTF-8, not compressed."
        ),
        new(
            "request.target_too_long",
            414,
            "Path or query too long",
            "Send at most 8192 characters."
        ),
        new("request.invalid", 400, "Malformed request", "Correct the part named in the detail."),
        new(
            "request.header_invalid",
            400,
            "Malformed header",
            "Correct the header named in the detail."
        ),
        new(
            "request.precondition_failed",
            412,
            "Precondition failed",
            "Somebody changed the resource: read it again, then repeat the change with the new ETag."
        ),
        new("request.rate_limited", 429, "Too many requests", "Wait as long as Retry-After says."),
        new(
            "request.query_unknown",
            400,
            "Unknown query parameter",
            "Leave it out; the OpenAPI document lists those that exist."
        ),
        new("request.limit_invalid", 400, "Invalid limit", "Ask for 1 to 500 rows."),
        new(
            "request.cursor_invalid",
            400,
            "Invalid cursor",
            "Use the nextCursor of the page before, with the same filters."
        ),
        new(
            "request.conflict",
            409,
            "Conflicting change",
            "Somebody changed the same thing at the same time: read it again and repeat."
        ),
        new("json.body_required", 400, "Body required", "Send a JSON object."),
        new(
            "json.malformed",
            400,
            "Malformed JSON",
            "Correct the JSON at the byte named in the detail."
        ),
        new("json.duplicate_member", 400, "Duplicate member", "Name every member once."),
        new(
            "json.encoding",
            400,
            "Invalid encoding",
            "Send valid UTF-8 without NUL characters or lone surrogates."
        ),
        new("json.depth", 400, "Nested too deeply", "Nest at most 32 levels."),
        new(
            "json.unknown_member",
            422,
            "Unknown member",
            "Remove the member or use the nearest name."
        ),
        new("json.read_only", 422, "Read-only member", "Remove the member: the platform sets it."),
        new("json.type", 422, "Wrong type", "Send the type named."),
        new("json.range", 422, "Number out of range", "Send a number in the range named."),
        new("json.required", 422, "Member required", "Send the member."),
        new(
            "idempotency.key_invalid",
            400,
            "Invalid Idempotency-Key",
            "Send 1 to 255 visible ASCII characters."
        ),
        new(
            "idempotency.mismatch",
            409,
            "Idempotency-Key used for something else",
            "Draw a new key for a new request."
        ),
        new(
            "idempotency.in_progress",
            409,
            "First request still being answered",
            "Repeat the request as Retry-After says."
        ),
        new(
            "service.unavailable",
            503,
            "Service unavailable",
            "Repeat the request as Retry-After says; nothing was lost."
        ),
        new(
            "service.internal",
            500,
            "Internal error",
            "Report the request id to the operator; the log of the control service holds the cause."
        ),
    ];
}
