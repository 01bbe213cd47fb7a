using Dbaas.Client.Operations;
using Dbaas.Control.Capacity;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <summary>Refusals that need words of the instance at hand.</summary>
internal static class Refusals
{
    public static Problem NotFound(string idOrName) =>
        new(
            InstanceProblems.NotFound,
            404,
            $"There is no instance '{Http.Printable.Of(idOrName)}'."
        );

    public static Problem Of(IReadOnlyList<FieldProblem> errors)
    {
        // Room and quota are no mistakes in the request: 409, and 503 when the region is away. The first error gives the code.
        var room = errors.All(error =>
            error.Code.StartsWith("capacity.", StringComparison.Ordinal)
        );
        var away = errors.Any(error => error.Code == CapacityProblems.RegionUnavailable);
        return new Problem(
            room ? errors[0].Code : InstanceProblems.Invalid,
            away ? 503
                : room ? 409
                : 422,
            errors.Count == 1 ? errors[0].Message : $"{errors.Count} fields are wrong; see errors."
        )
        {
            Errors = errors,
            RetryAfter = away ? TimeSpan.FromSeconds(5) : null,
        };
    }

    public static Problem NameTaken(InstanceRow row) =>
        new(
            InstanceProblems.NameTaken,
            409,
            $"'{row.Name}' is taken by {row.InstanceId} ({row.Status}). To manage it from here, import it: "
                + $"terraform import ADDRESS {row.InstanceId}, or `pulumi import dbaas:index:DatabaseInstance NAME {row.InstanceId}`. "
                + "Otherwise choose another name.",
            "/name"
        );

    /// <summary>A run that was killed holds its lease for a few seconds more; whoever repeats the request then takes the create over.</summary>
    public static Problem Held(InstanceRow row) =>
        new(
            InstanceProblems.Held,
            409,
            $"Another run waits for the create of '{row.Name}' ({row.InstanceId}) or ended a moment ago. If it is gone, repeat this in a few seconds.",
            "/name"
        )
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    public static Problem Busy(InstanceRow row) =>
        new(
            InstanceProblems.Busy,
            409,
            $"{row.OperationId} is under way on {row.Name} ({row.Status})."
        )
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    public static Problem Protected(InstanceRow row) =>
        new(
            InstanceProblems.Protected,
            409,
            $"{row.Name} is protected against deletion. Set deletionProtection to false in a change of its own, then delete.",
            "/deletionProtection",
            "false, applied before"
        );

    public static Problem WrongStatus(InstanceRow row, string wanted) =>
        new(
            InstanceProblems.Status,
            409,
            $"{row.Name} is {row.Status}{(row.StatusReason.Length > 0 ? $" ({row.StatusReason})" : "")}; {wanted}."
        );
}
