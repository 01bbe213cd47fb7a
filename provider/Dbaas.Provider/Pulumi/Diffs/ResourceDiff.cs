using Dbaas.Client.Planning;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Inputs;
using Dbaas.Provider.Pulumi.Resources;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Diffs;

/// <summary>
/// Says what a change touches. Compares by itself, and asks the control service only when something differs: it knows which spellings
/// mean the same and which floors are met. Never answers a replacement.
/// </summary>
internal sealed class ResourceDiff(ProviderSession session, DryRuns dryRuns)
{
    public async Task<DiffResponse> DiffAsync(
        ResourceSchema resource,
        DiffRequest request,
        CancellationToken cancellationToken
    )
    {
        var marked = new[] { request.Olds, request.OldInputs, request.News }
            .Select(StructReader.Read)
            .ToArray();
        var outputs = marked[0].BareMembers();
        var inputs = request.OldInputs is null ? outputs : marked[1].BareMembers();
        var news = marked[2].BareMembers();
        var differences = InputDifferences
            .Of(resource, inputs, outputs, news)
            .Where(difference => !IsIgnored(request, difference.Path))
            .ToList();
        RefuseImmutable(resource, differences, outputs, news);
        if (differences.Count > 0 && session.Client is not null && request.Id.Length > 0)
        {
            differences = await RealAsync(
                request,
                SentInputs.Of(resource, outputs, news, request.IgnoreChanges),
                differences,
                cancellationToken
            );
        }

        var secrets = new Redaction(marked);
        return Response(
            resource,
            [.. differences.Select(difference => Shown(difference, secrets))]
        );
    }

    /// <summary>
    /// Leaves out what the service says is no change: another spelling, a floor that is met. Adds what it says changes beside: somebody
    /// changed it outside, and the update puts it back.
    /// </summary>
    private async Task<List<Difference>> RealAsync(
        DiffRequest request,
        SentInputs sent,
        List<Difference> differences,
        CancellationToken cancellationToken
    )
    {
        PlanResult plan;
        try
        {
            plan = await dryRuns.UpdateAsync(request.Id, sent, cancellationToken);
        }
        catch (ServiceException)
        {
            // Gone, or not for this principal: whoever carries the change out says so.
            return differences;
        }

        if (!plan.Valid)
        {
            return differences;
        }

        var changed = plan
            .Changes.Select(change => new Difference(
                InputPath.FromPointer(sent.Resource.Inputs, change.Pointer),
                KindOf(change),
                BetweenInputs: false
            ))
            .ToList();
        return
        [
            .. differences.Where(difference =>
                !ValueAt(sent.Wanted, difference).IsWhollyKnown
                || changed.Any(change => Touch(change.Path, difference.Path))
            ),
            .. changed.Where(change =>
                change.Path.Steps.Count > 0
                && !differences.Any(difference => Touch(change.Path, difference.Path))
                && !IsIgnored(request, change.Path)
            ),
        ];
    }

    private static bool IsIgnored(DiffRequest request, InputPath path) =>
        request.IgnoreChanges.Any(pattern => PropertyPath.Covers(pattern, path));

    private static DifferenceKind KindOf(PlannedChange change) =>
        change switch
        {
            { Before: null } => DifferenceKind.Add,
            { After: null } => DifferenceKind.Delete,
            _ => DifferenceKind.Update,
        };

    private static Value ValueAt(Value.Map wanted, Difference difference) =>
        wanted[PropertyPath.Top(difference.Path)];

    /// <summary>One path is the other, or leads into it. The service sees a set as a whole.</summary>
    private static bool Touch(InputPath one, InputPath other) =>
        one
            .Steps.Zip(other.Steps)
            .TakeWhile(pair => pair is not (InputStep.Index, _) and not (_, InputStep.Index))
            .All(pair => pair.First.ToString() == pair.Second.ToString());

    private static void RefuseImmutable(
        ResourceSchema resource,
        List<Difference> differences,
        Value.Map outputs,
        Value.Map news
    )
    {
        var refused = resource
            .Inputs.Where(input =>
                input.Immutable is not null
                && !news[input.Name].IsUnknown
                && !outputs[input.Name].IsNull
                && differences.Any(difference => PropertyPath.Top(difference.Path) == input.Name)
            )
            .Select(input =>
                $"{input.Name} cannot be changed in place. {input.Immutable} Nothing is ever replaced because of a change."
            )
            .ToList();
        if (refused.Count > 0)
        {
            throw new GrpcException(GrpcStatus.FailedPrecondition, string.Join('\n', refused));
        }
    }

    /// <summary>A difference inside a secret is one of the secret as a whole: the keys of a secret map are secret too.</summary>
    private static Difference Shown(Difference difference, Redaction secrets) =>
        secrets.Shown(difference.Path) is var shown
        && shown.Steps.Count < difference.Path.Steps.Count
            ? difference with
            {
                Path = shown,
                Kind = DifferenceKind.Update,
            }
            : difference;

    private static DiffResponse Response(ResourceSchema resource, List<Difference> differences)
    {
        var response = new DiffResponse
        {
            Changes =
                differences.Count == 0
                    ? DiffResponse.Types.DiffChanges.DiffNone
                    : DiffResponse.Types.DiffChanges.DiffSome,
            HasDetailedDiff = true,
            Diffs =
            {
                differences
                    .Select(difference => PropertyPath.Top(difference.Path))
                    .Distinct(StringComparer.Ordinal),
            },
            Stables =
            {
                resource
                    .Inputs.Where(input => input.Immutable is not null)
                    .Concat(resource.Outputs.Where(output => !output.Volatile))
                    .Select(property => property.Name),
            },
        };
        foreach (var difference in differences)
        {
            // An element that leaves a set and one that enters it may have the same place.
            var path = PropertyPath.Write(difference.Path);
            var kind = response.DetailedDiff.ContainsKey(path)
                ? DifferenceKind.Update
                : difference.Kind;
            response.DetailedDiff[path] = new PropertyDiff
            {
                Kind = kind switch
                {
                    DifferenceKind.Add => PropertyDiff.Types.Kind.Add,
                    DifferenceKind.Delete => PropertyDiff.Types.Kind.Delete,
                    _ => PropertyDiff.Types.Kind.Update,
                },
                InputDiff = difference.BetweenInputs,
            };
        }

        return response;
    }
}
