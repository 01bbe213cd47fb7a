using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>What one process knows after it was configured: settings, connection, and whether the user asked to stop.</summary>
internal sealed class ProviderSession(PackageSchema package, SystemTrust trust, TimeProvider time)
    : IDisposable
{
    private readonly CancellationTokenSource stop = new();

    // One id a process: the service tells runs apart by it, and lets nobody adopt what a living run still waits for.
    private readonly string runId = "run_" + Guid.CreateVersion7().ToString("N");

    public TimeProvider Time => time;

    /// <summary>Set by the first Ctrl-C; calls under way end with what they have.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Provider settings by schema.json name, from configuration and environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } =
        new Dictionary<string, string>();

    /// <summary>Null before the provider is configured, and while its settings depend on values not known yet.</summary>
    public ResourceClient? Client { get; private set; }

    /// <summary>The client where the work cannot go on without.</summary>
    /// <exception cref="UnreachableException">The provider's settings are not known.</exception>
    public ResourceClient RequiredClient =>
        Client
        ?? throw new UnreachableException(
            "The provider's settings are not known yet; do not derive them from resources of the same apply."
        );

    public IEnumerable<Diagnostic> Configure(Value.Map config)
    {
        var configured = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in package.Settings)
        {
            var value = config[TerraformNames.Attribute(setting.Name)];
            if (value.IsUnknown)
            {
                return [];
            }

            var text =
                (value as Value.Text)?.Content
                ?? setting
                    .Environment.Select(Environment.GetEnvironmentVariable)
                    .FirstOrDefault(IsSet);
            if (IsSet(text))
            {
                configured[setting.Name] = text!;
            }
        }

        var settings = ProviderSettings.Combine(
            configured,
            ProfileFile.Find(Environment.GetEnvironmentVariable)
        );
        Settings = configured;
        try
        {
            var api = ControlConnection.Open(settings, runId, "terraform", trust, time);
            Client = new ResourceClient(api, settings.Endpoint!, time);
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

    public void Stop() => stop.Cancel();

    public void Dispose() => stop.Dispose();

    private static bool IsSet(string? text) => !string.IsNullOrEmpty(text);
}
