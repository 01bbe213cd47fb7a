using System.Text.Json;
using Dbaas.Cli.Output;
using Dbaas.Client.Operations;
using Refit;

namespace Dbaas.Cli.Problems;

/// <summary>Turns answers that are no success into a <see cref="CliException"/>.</summary>
internal static class ApiProblems
{
    /// <summary>The content, or the problem the service answered.</summary>
    public static T ContentOrThrow<T>(this IApiResponse<T> response, string? hint = null)
        where T : class =>
        response is { IsSuccessStatusCode: true, Content: { } content }
            ? content
            : throw Of(response, hint);

    /// <summary>For calls whose answer has no content that matters.</summary>
    public static void ThrowIfRefused(this IApiResponse response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw Of(response);
        }
    }

    /// <summary>Why the answer is no success.</summary>
    /// <exception cref="Exception">
    /// Nobody answered, or the user interrupted the reading: what the connection said. Refit keeps it inside the answer, where
    /// <see cref="CommandRunner"/> would not see that the service cannot be reached.
    /// </exception>
    public static CliException Of(IApiResponse response, string? hint = null) =>
        response.Error switch
        {
            ApiRequestException { InnerException: { } silence } => throw silence,
            { InnerException: OperationCanceledException interrupt } => throw interrupt,
            var error => Of(error, hint),
        };

    public static CliException Of(Exception? exception, string? hint = null) =>
        exception switch
        {
            ApiException { InnerException: { } loss and (IOException or HttpRequestException) } =>
                new CliException(
                    ExitCode.Unavailable,
                    $"The service's answer broke off: {loss.Message}",
                    hint
                ),
            ApiException { Content: var content } refused => Read(content) is { } problem
                ? new CliException(problem, hint)
                : new CliException(
                    ExitCode.OfStatus((int)refused.StatusCode),
                    $"The service answered {(int)refused.StatusCode} {refused.ReasonPhrase}.",
                    hint
                ),
            _ => new CliException(
                ExitCode.Unexpected,
                exception?.Message ?? "The service answered without a body.",
                hint
            ),
        };

    private static ProblemBody? Read(string? content)
    {
        try
        {
            return string.IsNullOrEmpty(content)
                ? null
                : JsonSerializer.Deserialize(content, JsonOutput.Contract<ProblemBody>());
        }
        catch (JsonException)
        {
            // Something between us and the service answered, a proxy for example; its status still tells the kind.
            return null;
        }
    }
}
