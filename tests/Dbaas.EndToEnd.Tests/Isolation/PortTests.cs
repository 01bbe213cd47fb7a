using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Isolation;

/// <summary>
/// Promise: nothing of the platform speaks in the clear or in an old protocol, on any port, inside the box or outside. With
/// DBAAS_SECURITY=all (`make security`) testssl.sh judges each port as well and docs/security-scan.md is written.
/// </summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class PortTests(SharedPlatform shared)
{
    private const string Report = "docs/security-scan.md";

    /// <summary>Serious enough to fail; what is below is in the report.</summary>
    private static readonly string[] s_serious = ["MEDIUM", "HIGH", "CRITICAL"];

    [Fact]
    public async Task Given_a_running_installation_when_its_ports_are_listed_then_each_is_known_and_speaks_TLS_13_only()
    {
        var platform = await shared.RunningAsync();
        await CreateAsync(platform, "e2e-ports-pg", "postgresql", "18", 0.5);
        await CreateAsync(platform, "e2e-ports-my", "mysql", "9.7", 1.5);
        try
        {
            var listeners = Listener.Of(platform.Processes());
            Assert.True(listeners.Count >= 12, string.Join('\n', listeners));
            Assert.DoesNotContain(listeners, one => Purpose(one) is null);
            Assert.DoesNotContain(listeners, one => one.Endpoint.Address.Equals(IPAddress.Any));
            var faults = new List<string>();
            foreach (var listener in listeners)
            {
                if (!await SpeaksAsync(listener, "-tls1_3"))
                {
                    faults.Add($"{listener} does not speak TLS 1.3");
                }

                if (await SpeaksAsync(listener, "-tls1_2"))
                {
                    faults.Add($"{listener} speaks TLS 1.2");
                }
            }

            Assert.Empty(faults);
            if (Environment.GetEnvironmentVariable("DBAAS_SECURITY") == "all")
            {
                Assert.Empty(await JudgeAsync(platform, listeners));
            }
        }
        finally
        {
            await platform.CliAsync("instance", "delete", "e2e-ports-pg", "--wait");
            await platform.CliAsync("instance", "delete", "e2e-ports-my", "--wait");
        }
    }

    /// <summary>What a port is for and how TLS begins there; null for one that nobody has thought about.</summary>
    private static (string Use, string StartTls)? Purpose(Listener listener) =>
        (listener.Program, listener.Endpoint.Port) switch
        {
            ("Dbaas.Control", _) => ("API, or link between silos with client certificates", ""),
            ("Dbaas.LocalKms", _) => ("key service", ""),
            ("Dbaas.Host", _) => ("host daemon, client certificates", ""),
            ("etcd", _) => ("store of Patroni: clients and peers, client certificates", ""),
            ("haproxy", 5432) => ("endpoint of a PostgreSQL database", "postgres"),
            ("haproxy", 3306) => ("endpoint of a MySQL database", "mysql"),
            ("postgres", 5432) => ("PostgreSQL in its machine", "postgres"),
            ("mysqld", 3306) => ("MySQL in its machine", "mysql"),
            ({ } program, 8008) when program.StartsWith("python", StringComparison.Ordinal) => (
                "Patroni's REST, client certificates",
                ""
            ),
            _ => null,
        };

    /// <summary>Whether a handshake of this version comes as far as the server's certificate; a client certificate is asked for later.</summary>
    private static async Task<bool> SpeaksAsync(Listener listener, string version)
    {
        List<string> line =
        [
            "-t",
            listener.ProcessId.ToString(CultureInfo.InvariantCulture),
            "-n",
            "timeout",
            "10",
            "openssl",
            "s_client",
            "-connect",
            listener.Endpoint.ToString(),
            version,
        ];
        if (Purpose(listener)!.Value.StartTls is { Length: > 0 } protocol)
        {
            line.AddRange(["-starttls", protocol]);
        }

        var answer = await Command.RunAsync("nsenter", line);
        return answer.All.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal);
    }

    private static async Task<List<string>> JudgeAsync(
        Platform platform,
        IReadOnlyList<Listener> listeners
    )
    {
        var text = new StringBuilder(
            $"# Ports and their TLS\n\nWritten by `make security`: every listening TCP port of a running installation with a PostgreSQL and a MySQL database, as the kernel lists them, judged by {await VersionAsync()}. Certificates come from the installation's own authorities; members prove a URI name, not an address, so findings about trust and host names are left out. {DateTimeOffset.UtcNow:yyyy-MM-dd}.\n\nThe metadata database and the agents in machines listen on Unix sockets only.\n\n| program | where | for | protocols offered | key and signature | findings |\n|---|---|---|---|---|---|\n"
        );
        var faults = new List<string>();
        foreach (var listener in listeners)
        {
            var findings = await TestSslAsync(platform, listener);
            var offered = findings
                .Where(one => s_protocols.Contains(one.Id))
                .Where(one => one.Finding.StartsWith("offered", StringComparison.Ordinal))
                .Select(one => one.Id.Replace('_', '.'))
                .ToArray();
            var notable = findings
                .Where(one => s_serious.Contains(one.Severity) || one.Severity is "LOW" or "WARN")
                .Where(one => !one.Id.StartsWith("cert_", StringComparison.Ordinal))
                // About the scanner's own openssl, not about the port.
                .Where(one => one.Id != "engine_problem")
                .ToArray();
            faults.AddRange(
                notable
                    .Where(one => s_serious.Contains(one.Severity))
                    .Select(one => $"{listener}: {one}")
            );
            if (offered is not ["TLS1.3"])
            {
                faults.Add($"{listener} offers {string.Join(", ", offered)}");
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"| {listener.Program} | {(listener.Endpoint.Address.ToString() is var address && address.StartsWith("127.", StringComparison.Ordinal) ? "loopback" : "machine network")}, {listener.Endpoint.Port} | {Purpose(listener)!.Value.Use} | {string.Join(", ", offered)} | {FindingOf(findings, "cert_keySize")}, {FindingOf(findings, "cert_signatureAlgorithm")} | {(notable.Length == 0 ? "none" : string.Join("; ", notable.Select(one => $"{one.Severity} {one.Id}: {one.Finding.Replace("|", "/", StringComparison.Ordinal)}")))} |\n"
            );
        }

        await File.WriteAllTextAsync(Path.Combine(Repository.Root, Report), text.ToString());
        return faults;
    }

    private static readonly string[] s_protocols =
    [
        "SSLv2",
        "SSLv3",
        "TLS1",
        "TLS1_1",
        "TLS1_2",
        "TLS1_3",
    ];

    private static async Task<IReadOnlyList<TlsFinding>> TestSslAsync(
        Platform platform,
        Listener listener
    )
    {
        var file = Path.Combine(
            Directory.CreateTempSubdirectory("dbaas-testssl-").FullName,
            "findings.json"
        );
        List<string> line =
        [
            "-t",
            listener.ProcessId.ToString(CultureInfo.InvariantCulture),
            "-n",
            "testssl",
            "--quiet",
            "--warnings",
            "off",
            "--nodns",
            "none",
            "--add-ca",
            platform.CaFile,
            "--protocols",
            "--std",
            "--server-defaults",
            "--vulnerable",
            "--jsonfile",
            file,
        ];
        if (Purpose(listener)!.Value.StartTls is { Length: > 0 } protocol)
        {
            line.AddRange(["--starttls", protocol]);
        }

        line.Add(listener.Endpoint.ToString());
        var run = await Command.RunAsync("nsenter", line, deadline: TimeSpan.FromMinutes(10));
        Assert.True(File.Exists(file), run.All);
        var findings = JsonNode
            .Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!
            .AsArray()
            .Select(one => new TlsFinding(
                (string)one!["id"]!,
                (string)one["severity"]!,
                (string)one["finding"]!
            ))
            .ToArray();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return findings;
    }

    private static string FindingOf(IReadOnlyList<TlsFinding> findings, string id) =>
        findings.FirstOrDefault(one => one.Id.StartsWith(id, StringComparison.Ordinal))?.Finding
        ?? "not told";

    private static async Task<string> VersionAsync()
    {
        var answer = await Command.RunAsync("dpkg-query", ["-W", "-f", "${Version}", "testssl.sh"]);
        return $"testssl.sh {answer.Output.Trim()}";
    }

    private static async Task CreateAsync(
        Platform platform,
        string name,
        string engine,
        string version,
        double memoryGib
    )
    {
        using var document = new TemporaryFile(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                name: {name}
                engine: {engine}
                engineVersion: "{version}"
                region: local-a
                cpu: 1
                memoryGib: {memoryGib}
                storageGib: 1
                allowedCidrs: ["127.0.0.0/8"]
                deletionProtection: false
                """
            )
        );
        (await platform.CliAsync("apply", "-f", document.Path)).Succeeded();
    }

    private sealed record TlsFinding(string Id, string Severity, string Finding);
}
