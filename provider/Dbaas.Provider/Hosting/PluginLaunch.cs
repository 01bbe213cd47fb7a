namespace Dbaas.Provider.Hosting;

/// <summary>What the host tells a plugin through its environment (go-plugin's handshake).</summary>
internal sealed record PluginLaunch
{
    private const string CookieName = "TF_PLUGIN_MAGIC_COOKIE";
    private const string CookieValue =
        "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

    /// <summary>The host's one-time certificate; null when the host turned TLS off, which only debugging does.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>Where the host wants the socket; null for our own choice.</summary>
    public string? SocketFolder { get; init; }

    /// <summary>Started by hand, to be attached to through TF_REATTACH_PROVIDERS.</summary>
    public bool Debug { get; init; }

    /// <summary>Whether Terraform, or somebody who debugs for it, started this process.</summary>
    public static bool IsMeant(IReadOnlyList<string> arguments) =>
        arguments.Contains("--debug")
        || Environment.GetEnvironmentVariable(CookieName) == CookieValue;

    /// <summary>Reads the environment; null with a reason when this process was not started by a host that speaks protocol 6.</summary>
    public static PluginLaunch? Read(IReadOnlyList<string> arguments, out string reason)
    {
        reason = "";
        if (arguments.Contains("--debug"))
        {
            return new PluginLaunch { Debug = true };
        }

        if (Environment.GetEnvironmentVariable(CookieName) != CookieValue)
        {
            reason =
                "This program is a Terraform provider. Terraform starts it by itself; there is nothing to run by hand "
                + "(for debugging: --debug). Called as pulumi-resource-dbaas it is the provider of Pulumi.";
            return null;
        }

        var versions = Environment.GetEnvironmentVariable("PLUGIN_PROTOCOL_VERSIONS") ?? "6";
        if (!versions.Split(',', StringSplitOptions.TrimEntries).Contains("6"))
        {
            reason =
                $"This provider speaks plugin protocol 6; the host offers {versions}. Use Terraform 1.0 or newer.";
            return null;
        }

        return new PluginLaunch
        {
            ClientCertificatePem = NullIfEmpty("PLUGIN_CLIENT_CERT"),
            SocketFolder = NullIfEmpty("PLUGIN_UNIX_SOCKET_DIR"),
        };
    }

    private static string? NullIfEmpty(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
