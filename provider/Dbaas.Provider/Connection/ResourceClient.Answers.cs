using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Operations;
using Dbaas.Schema;
using Refit;

namespace Dbaas.Provider.Connection;

/// <summary>How answers are read: a refusal with its reason, or a sign that this is not the control service at all.</summary>
internal sealed partial class ResourceClient
{
    /// <summary>How the service refuses a tenant, whether it exists or not.</summary>
    public const string UnknownTenant = "tenant.not_found";

    private string Accepted(IApiResponse<string> response) =>
        response.IsSuccessStatusCode ? response.Content ?? "" : throw Refusal(response);

    private Exception Refusal(IApiResponse<string> response) =>
        ProblemOf(response) switch
        {
            { Code: UnknownTenant } problem => new ServiceException(WithTenant(problem)),
            { } problem => new ServiceException(
                IsMisunderstanding(problem) ? WithAdvice(problem) : problem,
                retryAfter: RetryAfterOf(response)
            ),
            null => new UnreachableException(
                $"{settings.Endpoint} answered {(int?)response.StatusCode} without saying why; is this the address of the control service?{Advice}",
                isAway: IsAway(response.StatusCode),
                retryAfter: RetryAfterOf(response)
            ),
        };

    private string Advice => version.Differs ? " " + version.Advice : "";

    private TimeSpan? RetryAfterOf(IApiResponse<string> response) =>
        response.Headers is { } headers ? RetryAfter.Of(headers, time.GetUtcNow()) : null;

    /// <summary>
    /// Whether the service says for certain that this very resource does not exist. A 404 of a proxy, of a wrong address, or of a service
    /// that does not know the tenant, must not look like a deleted database.
    /// </summary>
    private static bool IsGone(ResourceSchema resource, IApiResponse<string> response) =>
        response.StatusCode == HttpStatusCode.NotFound
        && ProblemOf(response)?.Code == resource.NotFound;

    /// <summary>The service says only that the tenant is not known to it; where it comes from, we know.</summary>
    private ProblemBody WithTenant(ProblemBody problem) =>
        problem with
        {
            Title = settings.Tenant is { Length: > 0 } tenant
                ? $"There is no tenant '{tenant}' for this API key"
                : "The tenant of this API key is not known any more",
            Detail =
                $"It comes from the setting {tool.Setting("tenant")}, else from DBAAS_TENANT, else from the profile; `dbaas tenant list` shows the "
                + "tenants of the key. Nothing was read or changed.",
        };

    private static ProblemBody? ProblemOf(IApiResponse<string> response)
    {
        try
        {
            return (response.Error as ApiException)?.Content is { Length: > 0 } text
                ? JsonSerializer.Deserialize(text, ProviderJson.Default.ProblemBody)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The service does not know a path, a member or a form that this provider's version knows.</summary>
    private bool IsMisunderstanding(ProblemBody problem) =>
        version.Differs
        && (
            problem.Code.StartsWith("json.", StringComparison.Ordinal)
            || problem.Code.StartsWith("request.", StringComparison.Ordinal)
                && problem.Status is 400 or 404 or 405 or 406 or 415
            || problem.Errors.Any(field => field.Code.StartsWith("json.", StringComparison.Ordinal))
        );

    private ProblemBody WithAdvice(ProblemBody problem) =>
        problem with
        {
            Detail = string.IsNullOrEmpty(problem.Detail)
                ? version.Advice
                : $"{problem.Detail} {version.Advice}",
            Errors = [.. problem.Errors.Select(WithAdvice)],
        };

    private FieldProblem WithAdvice(FieldProblem field) =>
        version.Differs && field.Code.StartsWith("json.", StringComparison.Ordinal)
            ? field with
            {
                Message = $"{field.Message} {version.Advice}",
            }
            : field;

    private T Parse<T>(string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw NotUnderstood(null);
        }
        catch (JsonException error)
        {
            throw NotUnderstood(error);
        }
    }

    private JsonObject Tree(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw NotUnderstood(null);
        }
        catch (JsonException error)
        {
            throw NotUnderstood(error);
        }
    }

    private UnreachableException NotUnderstood(Exception? inner) =>
        new(
            $"{settings.Endpoint} gave an answer this provider does not understand. {version.Advice}",
            inner
        );

    private static ProblemBody Ended(OperationView operation) =>
        new()
        {
            Title = $"The operation ended as {operation.State}",
            Status = 500,
            Code = $"operation.{operation.State}",
            Detail = $"Its last step was '{operation.CurrentStep}'.",
        };
}
