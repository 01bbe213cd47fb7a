using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Instances;
using Dbaas.Control.Http.Json;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <summary>Merge patch (RFC 7396) on the inputs of an instance.</summary>
internal static class MergePatch
{
    public static Outcome<InstanceInputs> Apply(InstanceSpec current, JsonObject patch)
    {
        var document = JsonSerializer
            .SerializeToNode(current.ToInputs(), InstanceJson.Default.InstanceInputs)!
            .AsObject();
        Merge(document, patch);
        // What is taken out means its default. The name stays until it is judged: a misspelt one would be ignored silently.
        foreach (var (name, _) in patch.Where(member => member.Value is null))
        {
            document[name] = null;
        }

        var faults = JsonInspection.InspectShape(document, InstanceJson.Default.InstanceInputs);
        if (faults.Count > 0)
        {
            return JsonProblem.Of(faults);
        }

        var wanted = document.Deserialize(InstanceJson.Default.InstanceInputs)!;
        return wanted.StorageGib < current.StorageGib && wanted.StorageGib >= 1
            ? Refusals.Of([SpecRules.Shrink(current)])
            : wanted;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject below)
                {
                    target[name] = below = [];
                }

                Merge(below, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
