using System.Globalization;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>Paths to attributes, which the host maps to file and line.</summary>
internal static class AttributePaths
{
    public static AttributePath Then(this AttributePath path, string attribute)
    {
        var longer = path.Clone();
        longer.Steps.Add(new AttributePath.Types.Step { AttributeName = attribute });
        return longer;
    }

    public static AttributePath ThenKey(this AttributePath path, string key)
    {
        var longer = path.Clone();
        longer.Steps.Add(new AttributePath.Types.Step { ElementKeyString = key });
        return longer;
    }

    public static AttributePath ThenIndex(this AttributePath path, long index)
    {
        var longer = path.Clone();
        longer.Steps.Add(new AttributePath.Types.Step { ElementKeyInt = index });
        return longer;
    }

    /// <summary>
    /// The path a JSON pointer of the control service means, as far as the host finds its line: it does not for elements of sets and
    /// for members of nested attributes (it looks for blocks there), so those end at the outer attribute. What the schema does not know
    /// has no path (null).
    /// </summary>
    public static AttributePath? FromPointer(IEnumerable<SchemaProperty> properties, string pointer)
    {
        var parts = pointer
            .Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(part =>
                part.Replace("~1", "/", StringComparison.Ordinal)
                    .Replace("~0", "~", StringComparison.Ordinal)
            );
        var path = new AttributePath();
        SchemaProperty? here = null;
        foreach (var part in parts)
        {
            if (here is null)
            {
                here = properties.FirstOrDefault(property => property.Name == part);
                if (here is null)
                {
                    break;
                }

                path = path.Then(TerraformNames.Attribute(part));
            }
            else if (here.Type.Kind == PropertyKind.Map)
            {
                path = path.ThenKey(part);
                here = here.Type.Element!;
            }
            else if (
                here is { Type.Kind: PropertyKind.Array, IsSet: false }
                && long.TryParse(
                    part,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var index
                )
            )
            {
                path = path.ThenIndex(index);
                here = here.Type.Element!;
            }
            else
            {
                break;
            }
        }

        return path.Steps.Count > 0 ? path : null;
    }
}
