using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dbaas.Cli.Output;
using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;
using Request = WireMock.RequestBuilders.Request;

namespace Dbaas.Cli.Tests;

/// <summary>A control service of canned answers over real TLS, with a private authority, and the CLI pointed at it.</summary>
public sealed class FakeService : IDisposable
{
    public const string ApiKey = "dbk_canary-key";
    private const string Pkcs12Password = "test";
    private readonly string root = Directory.CreateTempSubdirectory("dbaas-cli-test-").FullName;

    public FakeService()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddHours(1)
        );
        CaFile = Path.Combine(root, "ca.pem");
        File.WriteAllText(CaFile, certificate.ExportCertificatePem());
        var pkcs12 = Path.Combine(root, "server.p12");
        File.WriteAllBytes(pkcs12, certificate.Export(X509ContentType.Pkcs12, Pkcs12Password));
        Server = WireMockServer.Start(
            new WireMockServerSettings
            {
                Urls = ["https://127.0.0.1:0"],
                CertificateSettings = new WireMockCertificateSettings
                {
                    X509CertificateFilePath = pkcs12,
                    X509CertificatePassword = Pkcs12Password,
                },
            }
        );
    }

    public WireMockServer Server { get; }
    public string CaFile { get; }

    internal async Task<CliRun> RunAsync(params string[] args)
    {
        var environment = new Dictionary<string, string>
        {
            ["DBAAS_ENDPOINT"] = Server.Url!,
            ["DBAAS_CA_FILE"] = CaFile,
            ["DBAAS_API_KEY"] = ApiKey,
            ["DBAAS_ROOT"] = root,
        };
        return await CliRun.StartAsync(environment, args);
    }

    public string WriteFile(string name, string content)
    {
        var path = Path.Combine(root, name);
        File.WriteAllText(path, content);
        return path;
    }

    internal void Answer(string method, string path, int status, object body) =>
        Server
            .Given(Request.Create().WithPath(path).UsingMethod(method))
            .RespondWith(
                Response
                    .Create()
                    .WithStatusCode(status)
                    .WithHeader("Content-Type", "application/json")
                    .WithBody(JsonSerializer.Serialize(body, JsonOutput.Options))
            );

    /// <summary>Answers one after the other; the last one stays.</summary>
    internal void AnswerInTurn(
        string method,
        string path,
        params (int Status, object Body)[] answers
    )
    {
        var scenario = method + path;
        for (var turn = 0; turn < answers.Length; turn++)
        {
            var (status, body) = answers[turn];
            var given = Server
                .Given(Request.Create().WithPath(path).UsingMethod(method))
                .InScenario(scenario);
            given = turn == 0 ? given : given.WhenStateIs($"turn{turn}");
            given = turn == answers.Length - 1 ? given : given.WillSetStateTo($"turn{turn + 1}");
            given.RespondWith(
                Response
                    .Create()
                    .WithStatusCode(status)
                    .WithHeader("Content-Type", "application/json")
                    .WithBody(JsonSerializer.Serialize(body, JsonOutput.Options))
            );
        }
    }

    internal IReadOnlyList<string> BodiesOf(string method, string path) =>
        [
            .. Server
                .LogEntries.Where(entry =>
                    entry.RequestMessage!.Method == method && entry.RequestMessage.Path == path
                )
                .Select(entry => entry.RequestMessage!.Body ?? ""),
        ];

    internal static ProblemBody Problem(int status, string code, string detail) =>
        new()
        {
            Title = "Refused",
            Status = status,
            Code = code,
            Detail = detail,
            RequestId = "req_1",
        };

    internal static OperationView Operation(string state, string kind = "instance.create") =>
        new()
        {
            Id = "op_1",
            Kind = kind,
            ResourceId = "ins_1",
            ResourceName = "shop",
            State = state,
            ProgressPercent = state == "succeeded" ? 100 : 40,
            CurrentStep = "open-volume",
            Steps = [new("create-volume", "done", 1, 412, "")],
            RequestedBy = "key_admin",
            CreatedAt = DateTimeOffset.UnixEpoch,
            FinishedAt = state == "running" ? null : DateTimeOffset.UnixEpoch.AddSeconds(2),
            Cancellable = true,
        };

    internal static PlanResult Plan(params PlannedChange[] changes) =>
        new()
        {
            Valid = true,
            Changes = changes,
            Restart = changes.Any(change => change.Effect == "restart"),
            ExpectedWriteOutage = new(1.5, "bench"),
            MonthlyCost = new(10, 12.5m, 2.5m, "EUR"),
        };

    internal static InstanceView Instance(bool acknowledged = true) =>
        new()
        {
            Id = "ins_1",
            Name = "shop",
            Engine = "postgresql",
            EngineVersion = "18",
            Region = "local-a",
            Cpu = 1,
            MemoryGib = 0.5,
            StorageGib = 10,
            KmsKeyId = "key_1",
            AllowedCidrs = ["127.0.0.0/8"],
            Parameters = new Dictionary<string, string> { ["work_mem"] = "4MB", ["jit"] = "off" },
            Databases = ["shop"],
            MaintenanceWindow = new MaintenanceWindow { Day = "sunday", StartTime = "03:00" },
            ChangePolicy = "immediate",
            DeletionProtection = true,
            Tags = new Dictionary<string, string>(),
            Endpoint = new("127.101.0.1", 5432),
            CaCertificate = "PEM",
            Status = "available",
            Members = [],
            ActualVersion = "18.1",
            ActualStorageGib = 10,
            PendingChanges = [],
            MonthlyCostEstimate = new(12.5m, "EUR"),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Acknowledged = acknowledged,
        };

    public void Dispose()
    {
        Server.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
