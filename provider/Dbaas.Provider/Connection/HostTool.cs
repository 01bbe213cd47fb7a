using Dbaas.Schema;

namespace Dbaas.Provider.Connection;

/// <summary>The tool that started this process, for the few words in which messages differ.</summary>
/// <param name="Kind">What the control service is told (<c>Dbaas-Client</c>): only creates of the same kind are taken over.</param>
/// <param name="Setting">How this tool writes a provider setting of schema.json.</param>
/// <param name="HowToSet">How a user sets it there.</param>
internal sealed record HostTool(
    string Kind,
    Func<string, string> Setting,
    Func<string, string> HowToSet
)
{
    public static readonly HostTool Terraform = new(
        "terraform",
        TerraformNames.Attribute,
        setting => $"{TerraformNames.Attribute(setting)} in the provider block"
    );

    public static readonly HostTool Pulumi = new(
        "pulumi",
        setting => "dbaas:" + setting,
        setting => $"dbaas:{setting} with `pulumi config set --secret dbaas:{setting}`"
    );
}
