using Dbaas.Control.Problems;

namespace Dbaas.Control.Planning;

/// <summary>Refusals of plans that are none; what a change would be refused for stands in the plan itself.</summary>
internal static class PlanProblems
{
    public const string Resource = "plan.resource_unknown";
    public const string Action = "plan.action_unknown";

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(Resource, 422, "Unknown resource", "Use a resource of schema.json."),
        new(Action, 422, "Unknown action", "Use one of the actions in allowed."),
    ];
}
