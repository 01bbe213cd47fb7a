using Dbaas.Client.Profiles;
using Dbaas.Provider.Hosting;
using Dbaas.Schema;

namespace Dbaas.Provider.Connection;

/// <summary>What one process knows after it was configured: settings, connection, and whether the user asked to stop.</summary>
internal sealed class ProviderSession(
    PackageSchema package,
    HostTool tool,
    SystemTrust trust,
    TimeProvider time
) : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private ReadAhead? reads;
    private Acknowledgements? acknowledgements;

    // One id a process: the service tells runs apart by it, and lets nobody adopt what a living run still waits for.
    private readonly string runId = "run_" + Guid.CreateVersion7().ToString("N");

    public TimeProvider Time => time;
    public HostTool Tool => tool;

    /// <summary>Set by the first Ctrl-C; calls under way end with what they have.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Provider settings by schema.json name, from configuration, environment and profile.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } =
        new Dictionary<string, string>();

    /// <summary>Null before the provider is configured, and while its settings depend on values not known yet.</summary>
    public ResourceClient? Client { get; private set; }

    /// <summary>The client where the work cannot go on without.</summary>
    /// <exception cref="UnreachableException">The provider's settings are not known.</exception>
    public ResourceClient RequiredClient => Client ?? throw NotConnected();

    /// <summary>How a refresh reads.</summary>
    /// <exception cref="UnreachableException">The provider's settings are not known.</exception>
    public ReadAhead RequiredReads => reads ?? throw NotConnected();

    /// <summary>What the service is told of creates that arrived.</summary>
    /// <exception cref="UnreachableException">The provider's settings are not known.</exception>
    public Acknowledgements RequiredAcknowledgements => acknowledgements ?? throw NotConnected();

    /// <summary>Takes the settings and prepares the connection. Sends nothing.</summary>
    /// <param name="configured">What the configuration says about a setting; null or empty for nothing.</param>
    /// <exception cref="ConnectionSettingsException">A setting is missing or of no use; names it.</exception>
    public void Connect(Func<SchemaProperty, string?> configured)
    {
        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in package.Settings)
        {
            var text =
                Present(configured(setting))
                ?? setting
                    .Environment.Select(variable =>
                        Present(Environment.GetEnvironmentVariable(variable))
                    )
                    .FirstOrDefault(value => value is not null);
            if (text is not null)
            {
                chosen[setting.Name] = text;
            }
        }

        var settings = ProviderSettings.Combine(chosen, FindProfile());
        Settings = settings.All;
        var version = new ServiceVersion(package.Version);
        var api = ControlConnection.Open(settings, runId, tool, trust, version, time);
        Client = new ResourceClient(api, settings, tool, version, time);
        reads = new ReadAhead(Client, time, stop.Token);
        acknowledgements = new Acknowledgements(Client, time);
    }

    private static Profile FindProfile()
    {
        try
        {
            return Profile.Find(Environment.GetEnvironmentVariable);
        }
        catch (ProfileException error)
        {
            throw new ConnectionSettingsException("endpoint", error.Message);
        }
    }

    public void Stop() => stop.Cancel();

    /// <summary>The tool ends the run in order; it has written down what it was answered.</summary>
    public Task FinishAsync() => acknowledgements?.FlushAsync() ?? Task.CompletedTask;

    public void Dispose() => stop.Dispose();

    private static UnreachableException NotConnected() =>
        new(
            "The provider's settings are not known yet; do not derive them from resources of the same apply."
        );

    private static string? Present(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
