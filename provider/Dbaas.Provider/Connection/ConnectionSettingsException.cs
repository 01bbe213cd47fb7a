namespace Dbaas.Provider.Connection;

/// <summary>A setting of the provider is missing or of no use.</summary>
/// <param name="setting">Its schema.json name.</param>
/// <param name="message">What is wrong and what to write instead.</param>
/// <param name="isMissing">It was not given at all.</param>
internal sealed class ConnectionSettingsException(
    string setting,
    string message,
    bool isMissing = false
) : Exception(message)
{
    public string Setting { get; } = setting;
    public bool IsMissing { get; } = isMissing;
}
