using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Cli.Output;
using Dbaas.Client.Instances;
using Dbaas.Client.Planning;

namespace Dbaas.Cli.Apply;

/// <summary>A declared resource, the instance of its name (null: none yet) and what the service says would happen.</summary>
internal sealed record PlannedResource(
    DeclaredResource Declared,
    InstanceView? Existing,
    PlanResult Plan
)
{
    public string Action => Existing is null ? "create" : "update";

    public bool ChangesNothing => Existing is not null && Plan.Valid && Plan.Changes.Count == 0;

    public JsonObject Patch() =>
        MergePatch.Of(
            Declared.Inputs,
            (JsonObject)
                JsonSerializer.SerializeToNode(Existing!, JsonOutput.Contract<InstanceView>())!,
            Plan.Changes
        );
}
