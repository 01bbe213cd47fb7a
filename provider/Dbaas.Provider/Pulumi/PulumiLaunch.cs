using Dbaas.Provider.Hosting;

namespace Dbaas.Provider.Pulumi;

/// <summary>What the engine tells a plugin by its arguments: some flags, then the engine's own address.</summary>
/// <param name="EngineAddress">host:port; null when started by hand, to be attached to.</param>
internal sealed record PulumiLaunch(string? EngineAddress)
{
    private const string ProgramPrefix = "pulumi-resource-";

    // Its value is an argument of its own, and no address of an engine.
    private const string TracingFlag = "--tracing";

    /// <summary>
    /// Whether this process was started as Pulumi's plugin: by the name it was called by, else because it got an engine's address and no
    /// sign of Terraform.
    /// </summary>
    public static bool IsMeant(string program, IReadOnlyList<string> arguments) =>
        Path.GetFileName(program).StartsWith(ProgramPrefix, StringComparison.Ordinal)
        || !PluginLaunch.IsMeant(arguments)
            && Read(arguments).EngineAddress?.Contains(':', StringComparison.Ordinal) == true;

    public static PulumiLaunch Read(IReadOnlyList<string> arguments) =>
        new(
            arguments
                .Where(
                    (argument, index) =>
                        !argument.StartsWith('-')
                        && (index == 0 || arguments[index - 1] != TracingFlag)
                )
                .LastOrDefault()
        );
}
