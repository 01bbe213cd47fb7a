using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.EndToEnd.Tests.Harness.Simulated;

/// <summary>
/// The published control service over TLS with a metadata PostgreSQL and a key service of its own, and machines that exist only in its
/// memory, or in a file: what it does and costs to look after many databases, without the databases.
/// </summary>
internal sealed class SimulatedPlatform : IAsyncDisposable
{
    public const string Region = "sim-a";
    private const string Prefix = "dbaas-simulated-";
    private const string ControlName = "control";
    private const string HostFolder = "machines";
    private static readonly string[] HostObjects = ["Volumes", "Machines", "Endpoints"];
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(5);

    private readonly string folder;
    private readonly PrivatePostgres metadata;
    private readonly Process keys;
    private Process control;

    private SimulatedPlatform(
        string folder,
        PrivatePostgres metadata,
        Process keys,
        Process control,
        string endpoint
    )
    {
        this.folder = folder;
        this.metadata = metadata;
        this.keys = keys;
        this.control = control;
        Endpoint = endpoint;
    }

    public string Endpoint { get; }

    public string CaFile => Path.Combine(folder, "endpoint-ca.crt");

    public string CertificateFile => Path.Combine(folder, "control.crt");

    public string CertificateKeyFile => Path.Combine(folder, "control.key");

    public int ProcessId => control.Id;

    /// <summary>What finds it from a tool, as a tenant's owner.</summary>
    public IReadOnlyDictionary<string, string> Environment(string key) =>
        new Dictionary<string, string>
        {
            ["DBAAS_ENDPOINT"] = Endpoint,
            ["DBAAS_CA_FILE"] = CaFile,
            ["DBAAS_API_KEY"] = key,
        };

    /// <summary>Volumes and machines there are; known only to a platform that outlives its service.</summary>
    public async Task<IReadOnlyList<string>> RemainsAsync()
    {
        var host = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder, HostFolder, $"{Region}.json"))
        )!;
        return
        [
            .. HostObjects.SelectMany(kind =>
                host[kind]!.AsObject().Select(one => $"{kind} {one.Key}")
            ),
        ];
    }

    /// <summary>What the service said about its requests and turns.</summary>
    public ServiceLog Log => new(Path.Combine(folder, "control.err"));

    public string AdminKey => File.ReadAllText(Path.Combine(folder, "first-admin-key")).Trim();

    public RestClient Rest(string key) => new(Endpoint, CaFile, key);

    /// <param name="outlivesItsService">
    /// Whether the machines are kept in a file, so that they are there again after <see cref="KillControlAsync"/>. Written anew at each change,
    /// which is too slow for thousands.
    /// </param>
    public static async Task<SimulatedPlatform> StartAsync(bool outlivesItsService = false)
    {
        Sweep();
        // Whose it is stands in the name.
        var folder = Directory
            .CreateTempSubdirectory(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Prefix}{System.Environment.ProcessId}-"
                )
            )
            .FullName;
        var metadata = await PrivatePostgres.StartAsync();
        var internalCa = new TestAuthority(folder, "internal-ca");
        var endpointCa = new TestAuthority(folder, "endpoint-ca");
        _ = internalCa.Loopback("kms");
        _ = endpointCa.Loopback("control");
        var (ownCertificate, ownKey) = internalCa.Member("control-client", "dbaas://control");
        var (keyPort, apiPort, siloPort) = (FreePort(), FreePort(), FreePort());

        var keyProgram = Path.Combine(Repository.Published, "kms", "Dbaas.LocalKms");
        var secrets = Path.Combine(folder, "secrets");
        var keyData = Path.Combine(folder, "kms");
        (
            await Command.RunAsync(
                keyProgram,
                ["init", "--data", keyData, "--principals", secrets, "--region", Region]
            )
        ).Succeeded();
        WriteSettings(
            folder,
            "kms",
            new JsonObject
            {
                ["listen"] = $"127.0.0.1:{keyPort}",
                ["certificateFile"] = Path.Combine(folder, "kms.crt"),
                ["certificateKeyFile"] = Path.Combine(folder, "kms.key"),
                ["dataFolder"] = keyData,
                ["region"] = Region,
                ["principalsFile"] = Path.Combine(keyData, "principals.json"),
            }
        );
        var keys = Launch(keyProgram, folder, "kms");
        var host = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(secrets, $"kms-host-{Region}.json"))
        )!;
        var simulated = new JsonObject
        {
            // A host with room for all of them.
            ["cpus"] = 4_000,
            ["memoryGib"] = 32_000,
            ["diskGib"] = 64_000,
        };
        if (outlivesItsService)
        {
            simulated["folder"] = Path.Combine(folder, HostFolder);
        }

        WriteSettings(
            folder,
            ControlName,
            new JsonObject
            {
                ["port"] = apiPort,
                ["siloPort"] = siloPort,
                ["certificateFile"] = "control.crt",
                ["keyFile"] = "control.key",
                ["metadata"] = new JsonObject
                {
                    ["socketDirectory"] = metadata.SocketDirectory,
                    ["database"] = await metadata.CreateDatabaseAsync(),
                    ["startTimeoutSeconds"] = 60,
                },
                ["regions"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = Region,
                        ["kmsEndpoint"] = $"https://127.0.0.1:{keyPort}",
                        ["hostPrincipal"] = (string)host["arn"]!,
                        ["driver"] = "simulated",
                    }
                ),
                ["simulated"] = simulated,
                // A limit that holds nobody up who makes many.
                ["rateLimit"] = new JsonObject { ["burst"] = 100_000, ["perSecond"] = 100_000 },
                ["enrolment"] = new JsonArray(
                    new JsonObject
                    {
                        ["region"] = Region,
                        ["tokenSha256"] = Convert.ToHexStringLower(
                            SHA256.HashData(Encoding.UTF8.GetBytes(Guid.NewGuid().ToString()))
                        ),
                    }
                ),
                ["pki"] = new JsonObject
                {
                    ["internalCertificateFile"] = internalCa.CertificateFile,
                    ["internalKeyFile"] = internalCa.KeyFile,
                    ["endpointCertificateFile"] = endpointCa.CertificateFile,
                    ["endpointKeyFile"] = endpointCa.KeyFile,
                    ["clientCertificateFile"] = ownCertificate,
                    ["clientKeyFile"] = ownKey,
                },
                ["kmsCredentialsFile"] = Path.Combine(secrets, "kms-control.json"),
                ["kmsCaFile"] = internalCa.CertificateFile,
                ["firstAdminKeyFile"] = "first-admin-key",
            }
        );
        var platform = new SimulatedPlatform(
            folder,
            metadata,
            keys,
            LaunchControl(folder),
            $"https://127.0.0.1:{apiPort}"
        );
        try
        {
            await platform.AnswersAsync();
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>A tenant with room for so many instances, and its owner's key; its encryption key is there.</summary>
    public async Task<string> TenantAsync(string name, int instances)
    {
        using var admin = Rest(AdminKey);
        var (status, body) = await admin.SendAsync(
            HttpMethod.Post,
            "/v1/tenants",
            new JsonObject
            {
                ["name"] = name,
                ["quota"] = new JsonObject
                {
                    ["instances"] = instances,
                    ["cpu"] = instances,
                    ["memoryGib"] = instances * 2,
                    ["storageGib"] = instances * 2,
                },
            }
        );
        Assert.True(status == HttpStatusCode.Created, body);
        var key = (string)JsonNode.Parse(body)!["ownerKey"]!["secret"]!;
        using var owner = Rest(key);
        await Eventually.BecomesAsync(
            async () => (await owner.GetAsync("/v1/keys"))["items"]!.AsArray().Count,
            count => count == 1,
            TimeSpan.FromMinutes(1),
            "the tenant has its key"
        );
        return key;
    }

    /// <summary>SIGKILL to the control service; its database, keys and machines stay.</summary>
    public async Task KillControlAsync()
    {
        control.Kill();
        await control.WaitForExitAsync();
    }

    /// <summary>Starts it again where it was, without waiting for its first answer.</summary>
    public void StartControl()
    {
        control.Dispose();
        control = LaunchControl(folder);
    }

    /// <summary>Until it answers.</summary>
    public Task ControlAnswersAsync() => AnswersAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { control, keys })
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        await metadata.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task AnswersAsync() =>
        await Eventually.BecomesAsync(
            async () =>
            {
                Assert.False(
                    control.HasExited,
                    $"The control service ended: {File.ReadAllText(Path.Combine(folder, "control.err"))}"
                );
                if (!File.Exists(Path.Combine(folder, "first-admin-key")))
                {
                    return false;
                }

                using var admin = Rest(AdminKey);
                _ = await admin.GetAsync("/v1/tenants");
                return true;
            },
            ready => ready,
            StartDeadline,
            "the control service answers"
        );

    /// <summary>Services and folders of runs that are gone: who is killed takes nothing with him. The database has a sweep of its own.</summary>
    private static void Sweep()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (
                Path.GetFileName(folder)[Prefix.Length..].Split('-') is not [var owner, _]
                || !int.TryParse(owner, CultureInfo.InvariantCulture, out var pid)
                || ProcessTable.IsAlive(pid)
            )
            {
                continue; // somebody's, or it does not say whose
            }

            var services = ProcessTable.Where(one =>
                ProcessTable
                    .CommandLine(one)
                    .Contains($"\0--config\0{folder}/", StringComparison.Ordinal)
            );
            foreach (var service in services)
            {
                ProcessTable.Kill(service);
            }

            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException)
            {
                // What was killed a moment ago may still write, or another run sweeps at the same time; the next one finds the rest.
            }
        }
    }

    private static void WriteSettings(string folder, string name, JsonObject settings) =>
        File.WriteAllText(Path.Combine(folder, name + ".json"), settings.ToJsonString());

    private static Process LaunchControl(string folder) =>
        Launch(Path.Combine(Repository.Published, "control", "Dbaas.Control"), folder, ControlName);

    // Through a shell for the redirection alone: nobody here reads what would otherwise fill a pipe, and a log file of the service's
    // own would be rotated by what ten thousand creates have to say.
    private static Process Launch(string program, string folder, string name) =>
        Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                [
                    "-c",
                    "exec \"$0\" --config \"$1\" >>\"$2.out\" 2>>\"$2.err\"",
                    program,
                    Path.Combine(folder, name + ".json"),
                    Path.Combine(folder, name),
                ]
            )
            {
                WorkingDirectory = folder,
            }
        )!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
