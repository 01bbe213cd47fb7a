using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Initialise;

namespace Dbaas.LocalKms.Tests;

/// <summary>A folder with everything a region's key service needs, made by `init` and gone afterwards.</summary>
internal sealed class KmsFiles : IDisposable
{
    public const string Region = "test-a";
    public const string Account = "000000000000";

    public KmsFiles()
    {
        Root = Directory.CreateTempSubdirectory("dbaas-kms-test-").FullName;
        KmsInitialiser.Run(Data, Secrets, Region, Account, null);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kms test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddHours(1)
        );
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public string Root { get; }
    public string Data => Path.Combine(Root, "kms");
    public string Secrets => Path.Combine(Root, "secrets");
    public string CertificatePath => Path.Combine(Root, "kms.crt");
    public string KeyPath => Path.Combine(Root, "kms.key");

    public CredentialFile Control => Credentials("kms-control");
    public CredentialFile Administrator => Credentials("kms-administrator");
    public CredentialFile Host => Credentials($"kms-host-{Region}");

    public KmsSettings Settings(int port) =>
        new()
        {
            Listen = $"127.0.0.1:{port}",
            CertificateFile = CertificatePath,
            CertificateKeyFile = KeyPath,
            DataFolder = Data,
            Region = Region,
            AccountId = Account,
            PrincipalsFile = Path.Combine(Data, "principals.json"),
        };

    public string WriteConfig(int port)
    {
        var path = Path.Combine(Root, "kms.json");
        File.WriteAllBytes(
            path,
            JsonSerializer.SerializeToUtf8Bytes(Settings(port), FileJson.Default.KmsSettings)
        );
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private CredentialFile Credentials(string name) =>
        JsonSerializer.Deserialize(
            File.ReadAllBytes(Path.Combine(Secrets, name + ".json")),
            FileJson.Default.CredentialFile
        )!;
}
