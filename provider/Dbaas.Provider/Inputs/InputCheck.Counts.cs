using System.Globalization;
using Dbaas.Schema;

namespace Dbaas.Provider.Inputs;

/// <content>How many elements a list or map may have.</content>
internal sealed partial class InputCheck
{
    private static InputFinding TooMany(
        SchemaProperty property,
        string name,
        int count,
        InputPath path,
        bool secret
    ) =>
        new(
            path,
            string.Create(CultureInfo.InvariantCulture, $"{name} cannot have {count} elements"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Allowed: at most {property.MaximumItems}."
            ),
            secret || property.Secret
        );
}
