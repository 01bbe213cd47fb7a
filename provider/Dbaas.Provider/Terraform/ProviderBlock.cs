using Dbaas.Provider.Connection;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>Hands the provider block to the session.</summary>
internal static class ProviderBlock
{
    public static IEnumerable<Diagnostic> Apply(
        ProviderSession session,
        PackageSchema package,
        Value.Map config
    )
    {
        if (package.Settings.Any(setting => Of(config, setting).IsUnknown))
        {
            return [];
        }

        try
        {
            session.Connect(setting => (Of(config, setting) as Value.Text)?.Content);
            return [];
        }
        catch (ConnectionSettingsException error)
        {
            var attribute = TerraformNames.Attribute(error.Setting);
            return
            [
                Diagnostics.Error(
                    $"The provider needs {attribute}",
                    error.Message,
                    new AttributePath().Then(attribute)
                ),
            ];
        }
    }

    private static Value Of(Value.Map config, SchemaProperty setting) =>
        config[TerraformNames.Attribute(setting.Name)];
}
