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
            : throw Of(response.Error, hint);

    /// <summary>For calls whose answer has no content that matters.</summary>
    public static void ThrowIfRefused(this IApiResponse response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw Of(response.Error);
        }
    }

    public static CliException Of(Exception? exception, string? hint = null) =>
        exception is ApiException { Content: var content } refused
            ? Read(content) is { } problem
                ? new CliException(problem, hint)
                : new CliException(
                    ExitCode.OfStatus((int)refused.StatusCode),
                    $"The service answered {(int)refused.StatusCode} {refused.ReasonPhrase}.",
                    hint
                )
            : new CliException(
                ExitCode.Unexpected,
                exception?.Message ?? "The service answered without a body.",
                hint
            );

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
