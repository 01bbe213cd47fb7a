using System.Globalization;
using Dbaas.Schema;

namespace Dbaas.Provider.Inputs;

/// <summary>The way to a value inside a resource, the same for every tool; each writes it in its own manner.</summary>
internal sealed record InputPath(IReadOnlyList<InputStep> Steps)
{
    public static readonly InputPath Root = new([]);

    public InputPath Then(InputStep step) => new([.. Steps, step]);

    /// <summary>
    /// The path a JSON pointer of the control service means, as far as the schema knows it.
    /// </summary>
    public static InputPath FromPointer(IEnumerable<SchemaProperty> properties, string pointer)
    {
        var path = Root;
        var members = properties;
        PropertyType? type = null;
        foreach (var part in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (type is null or { Kind: PropertyKind.Object })
            {
                if (
                    (type?.Properties ?? members).FirstOrDefault(one => one.Name == name)
                    is not { } next
                )
                {
                    break;
                }

                path = path.Then(new InputStep.Member(name));
                type = next.Type;
                continue;
            }

            if (type.Kind == PropertyKind.Map)
            {
                path = path.Then(new InputStep.Key(name));
            }
            else if (
                type.Kind == PropertyKind.Array
                && int.TryParse(
                    name,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var index
                )
            )
            {
                path = path.Then(new InputStep.Index(index, OfSet: false));
            }
            else
            {
                break;
            }

            type = type.Element!.Type;
        }

        return path;
    }
}
