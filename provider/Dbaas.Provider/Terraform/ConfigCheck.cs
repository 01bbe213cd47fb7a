using Dbaas.Provider.Inputs;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>What the schema itself can say about a configuration, as diagnostics.</summary>
internal static class ConfigCheck
{
    private static readonly InputCheck Inputs = new(TerraformNames.Attribute);

    public static IEnumerable<Diagnostic> Check(
        IEnumerable<SchemaProperty> properties,
        Value.Map config
    ) =>
        Inputs
            .Members(properties, config, InputPath.Root)
            .Select(finding =>
                Diagnostics.Error(finding.Summary, finding.Detail, PathOf(finding.Path))
            );

    /// <summary>
    /// As far as the host finds its line: members of nested attributes keep the outer path, and an element of a set cannot be expressed.
    /// </summary>
    private static AttributePath PathOf(InputPath path)
    {
        var attribute = new AttributePath();
        foreach (var step in path.Steps)
        {
            switch (step)
            {
                case InputStep.Member member when attribute.Steps.Count == 0:
                    attribute = attribute.Then(TerraformNames.Attribute(member.Name));
                    break;
                case InputStep.Key key:
                    attribute = attribute.ThenKey(key.Name);
                    break;
                case InputStep.Index { OfSet: false } index:
                    attribute = attribute.ThenIndex(index.Position);
                    break;
                default:
                    return attribute;
            }
        }

        return attribute;
    }
}
