using Dbaas.Client.Planning;

namespace Dbaas.Cli.Apply;

/// <summary>One declared resource in the JSON that <c>dbaas plan -o json</c> prints.</summary>
internal sealed record NamedPlan(string Name, string Action, PlanResult Plan);
