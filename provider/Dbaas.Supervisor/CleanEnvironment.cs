using System.Diagnostics;

namespace Dbaas.Supervisor;

/// <summary>
/// What programs of the platform see of the caller's environment: nothing but where the runtime is. Whatever else the shell of the
/// person who typed `make up` holds (API keys above all) must not live on in /proc/PID/environ of a daemon.
/// </summary>
internal static class CleanEnvironment
{
    private static readonly string[] Kept =
    [
        "DOTNET_ROOT",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    ];

    public static void Apply(ProcessStartInfo start)
    {
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // No diagnostics socket in /tmp: whoever shares the uid could attach and read keys out of memory.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var name in Kept)
        {
            if (
                Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
                && !value.Contains('@', StringComparison.Ordinal)
            )
            {
                start.Environment[name] = value;
            }
        }
    }
}
