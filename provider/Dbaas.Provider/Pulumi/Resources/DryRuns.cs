using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Client.Planning;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>
/// Asks the control service what a change would do. An engine asks for the diff and then for the preview of the same update; the second
/// takes the answer of the first. Thread-safe.
/// </summary>
/// <param name="session">The connection.</param>
/// <param name="mostRemembered">One answer a resource between its diff and its preview; a larger run forgets and asks again.</param>
internal sealed class DryRuns(ProviderSession session, int mostRemembered = 10_000)
{
    private readonly ConcurrentDictionary<string, PlanResult> answers = new(StringComparer.Ordinal);

    public Task<PlanResult> CreateAsync(
        ResourceSchema resource,
        Value.Map desired,
        CancellationToken cancellationToken
    ) => AskAsync(Request(resource, "create", null, desired), cancellationToken);

    /// <summary>The outcome of an update; asked anew, and remembered for its preview.</summary>
    public async Task<PlanResult> UpdateAsync(
        ResourceSchema resource,
        string id,
        Value.Map desired,
        CancellationToken cancellationToken
    )
    {
        var request = Request(resource, "update", id, desired);
        var answer = await AskAsync(request, cancellationToken);
        var key = Key(request);
        // What is held already is replaced however full it is: a preview must not show what was true at an earlier diff.
        if (answers.ContainsKey(key) || answers.Count < mostRemembered)
        {
            answers[key] = answer;
        }

        return answer;
    }

    /// <summary>The outcome of an update that may have been asked for just before.</summary>
    public async Task<PlanResult> RecallUpdateAsync(
        ResourceSchema resource,
        string id,
        Value.Map desired,
        CancellationToken cancellationToken
    )
    {
        var request = Request(resource, "update", id, desired);
        return answers.TryRemove(Key(request), out var known)
            ? known
            : await AskAsync(request, cancellationToken);
    }

    private Task<PlanResult> AskAsync(PlanRequest request, CancellationToken cancellationToken) =>
        session.RequiredClient.PlanAsync(request, cancellationToken);

    private static PlanRequest Request(
        ResourceSchema resource,
        string action,
        string? id,
        Value.Map desired
    )
    {
        List<string> unknown = [];
        var inputs = RestJson.Plain.WriteAll(resource.Inputs, desired, "", unknown);
        return new PlanRequest
        {
            Resource = resource.Name,
            Action = action,
            Id = id,
            Inputs = inputs,
            Unknown = unknown,
        };
    }

    private static string Key(PlanRequest request) =>
        Convert.ToBase64String(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"{request.Id}\n{string.Join(' ', request.Unknown)}\n{request.Inputs?.ToJsonString()}"
                )
            )
        );
}
