using Dbaas.Provider.Tests.Fakes;
using Dbaas.Provider.Tests.Terraform;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Starts the provider built beside the tests against a service that misbehaves on demand.</summary>
internal sealed partial class PulumiEngine
{
    /// <param name="control">The service it finds by its environment; null for none.</param>
    /// <param name="program">The provider; null for the one built beside the tests.</param>
    /// <param name="arguments">What the engine passes; ENGINE stands for its address.</param>
    /// <param name="variables">Further variables of the environment.</param>
    public static Task<PulumiEngine> StartAsync(
        FakeControl? control,
        string? program = null,
        string[]? arguments = null,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        var all = new Dictionary<string, string>();
        if (control is not null)
        {
            all["DBAAS_ENDPOINT"] = control.Endpoint;
            all["DBAAS_CA_FILE"] = control.CaFile;
            all["DBAAS_API_KEY"] = FakeControl.ApiKey;
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        return LaunchAsync(program ?? TerraformFolder.Provider, all, arguments);
    }

    /// <summary>Starts one that was configured.</summary>
    public static async Task<PulumiEngine> ConfiguredAsync(
        FakeControl control,
        string? program = null,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        var engine = await StartAsync(control, program, variables: variables);
        await engine.AnswerAsync(
            "configure",
            new() { ["args"] = new System.Text.Json.Nodes.JsonObject() }
        );
        return engine;
    }
}
