using Dbaas.Client;

namespace Dbaas.Provider.Connection;

/// <summary>
/// Which version the control service says it is, beside ours. Neighbouring versions understand each other, so a difference alone is no
/// error; it becomes the likely reason when one side does not understand the other. Thread-safe.
/// </summary>
/// <param name="provider">Version of this provider.</param>
internal sealed class ServiceVersion(string provider)
{
    private volatile string? service;

    public string Provider => provider;

    /// <summary>Remembers what an answer said.</summary>
    public void Heard(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues(DbaasHeaders.Version, out var values))
        {
            service = values.FirstOrDefault() ?? service;
        }
    }

    /// <summary>What to upgrade when the two sides do not understand each other.</summary>
    public string Advice =>
        service is not { } there
            ? "Is it the control service, and of the same version?"
            : Compare(there, provider) switch
            {
                < 0 =>
                    $"The control service is version {there} and older than this provider, version {provider}: upgrade the control service, or use the provider of version {there}.",
                > 0 =>
                    $"This provider is version {provider} and older than the control service, version {there}: upgrade the provider.",
                _ => $"Both are version {provider}; please report this.",
            };

    /// <summary>Whether the two differ at all.</summary>
    public bool Differs => service is { } there && Compare(there, provider) != 0;

    private static int Compare(string left, string right)
    {
        // A pre-release or build suffix does not decide which of the two to upgrade.
        return Version.TryParse(Core(left), out var a) && Version.TryParse(Core(right), out var b)
            ? a.CompareTo(b)
            : 0;

        static string Core(string version) => version.Split('-', '+')[0];
    }
}
