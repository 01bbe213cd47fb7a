using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Operations;
using Refit;

namespace Dbaas.Provider.Connection;

/// <summary>How answers are read: a refusal with its reason, or a sign that this is not the control service at all.</summary>
internal sealed partial class ResourceClient
{
    private string Accepted(IApiResponse<string> response) =>
        response.IsSuccessStatusCode ? response.Content ?? "" : throw Refusal(response);

    private Exception Refusal(IApiResponse<string> response) =>
        ProblemOf(response) is { } problem
            ? new ServiceException(problem)
            : new UnreachableException(
                $"{endpoint} answered {(int?)response.StatusCode} without saying why; is this the address of the control service?"
            );

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

    private static bool IsNotFound(ProblemBody? problem) =>
        problem?.Code.EndsWith(".not_found", StringComparison.Ordinal) == true;

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
            $"{endpoint} gave an answer this provider does not understand; is it the control service, and of the same version?",
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
