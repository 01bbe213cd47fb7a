using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Client.Planning;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Pulumi.Diffs;
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
        string id,
        SentInputs sent,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskUpdateAsync(id, sent, cancellationToken);
        var key = Key(id, sent);
        // What is held already is replaced however full it is: a preview must not show what was true at an earlier diff.
        if (answers.ContainsKey(key) || answers.Count < mostRemembered)
        {
            answers[key] = answer;
        }

        return answer;
    }

    /// <summary>The outcome of an update that may have been asked for just before.</summary>
    public async Task<PlanResult> RecallUpdateAsync(
        string id,
        SentInputs sent,
        CancellationToken cancellationToken
    ) =>
        answers.TryRemove(Key(id, sent), out var known)
            ? known
            : await AskUpdateAsync(id, sent, cancellationToken);

    /// <summary>Asks with the inputs that the change would send, so that the answer is about that change.</summary>
    private async Task<PlanResult> AskUpdateAsync(
        string id,
        SentInputs sent,
        CancellationToken cancellationToken
    )
    {
        var live = sent.NeedsLive
            ? await session.RequiredClient.FindAsync(sent.Resource, id, cancellationToken)
            : null;
        return await AskAsync(
            Request(sent.Resource, "update", id, sent.Beside(live)),
            cancellationToken
        );
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

    /// <summary>Of what the program wants and ignores, and not of what is there now: a preview need not look again to find the answer.</summary>
    private static string Key(string id, SentInputs sent)
    {
        var request = Request(sent.Resource, "update", id, sent.Wanted);
        return Convert.ToBase64String(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"{id}\n{string.Join(' ', request.Unknown)}\n{string.Join(' ', sent.Ignored)}\n{request.Inputs?.ToJsonString()}"
                )
            )
        );
    }
}
