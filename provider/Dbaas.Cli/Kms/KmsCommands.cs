using System.CommandLine;

namespace Dbaas.Cli.Kms;

/// <summary>`dbaas kms …`: the embedded key service of this machine. Customer keys as tenants see them are `dbaas key …`.</summary>
internal static class KmsCommands
{
    /// <summary>Both commands act on one region's service.</summary>
    public static Option<string?> RegionOption() =>
        new("--region")
        {
            Description = "Region of the key service; the first by name unless given.",
        };

    public static Command Create(CommandRunner runner) =>
        new("kms", "The embedded key service of this machine, for its owner (root).")
        {
            KmsEnvCommand.Create(runner),
            RotateMasterKeyCommand.Create(runner),
        };
}
