using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Provider.Hosting;

/// <summary>
/// Keeps the system's authorities out of the plugin connection and gives them to the REST connection when it asks.
/// Building a certificate's context loads every authority of the machine (120 ms and more), which a plugin started three to five times
/// a command cannot afford, although its own connection trusts exactly one certificate. So OpenSSL is pointed at nothing before the
/// first use of TLS, and the authorities are read from their usual places only when the control service has no authority of its own.
/// </summary>
internal sealed class SystemTrust
{
    private const string FileVariable = "SSL_CERT_FILE";
    private const string FolderVariable = "SSL_CERT_DIR";
    private static readonly string[] UsualFiles =
    [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    private readonly string? file;
    private readonly string? folder;

    private SystemTrust(string? file, string? folder) => (this.file, this.folder) = (file, folder);

    /// <summary>Must run before anything touches TLS.</summary>
    public static SystemTrust Detach()
    {
        var trust = new SystemTrust(
            Environment.GetEnvironmentVariable(FileVariable),
            Environment.GetEnvironmentVariable(FolderVariable)
        );
        if (OperatingSystem.IsLinux())
        {
            _ = Native.SetEnvironment(FileVariable, "/dev/null", 1);
            _ = Native.SetEnvironment(FolderVariable, "/nonexistent", 1);
        }

        return trust;
    }

    /// <summary>The authorities the system trusts, or those the user's SSL_CERT_FILE and SSL_CERT_DIR name.</summary>
    public X509Certificate2Collection Load()
    {
        var authorities = new X509Certificate2Collection();
        var chosen = file ?? (folder is null ? UsualFiles.FirstOrDefault(File.Exists) : null);
        if (chosen is not null && File.Exists(chosen))
        {
            authorities.ImportFromPemFile(chosen);
        }

        foreach (
            var path in folder is not null && Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder)
                : []
        )
        {
            try
            {
                authorities.ImportFromPemFile(path);
            }
            catch (CryptographicException)
            {
                // Such folders also hold revocation lists and notes; what is no certificate is not for us.
            }
        }

        return authorities;
    }
}
