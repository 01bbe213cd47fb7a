using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Protocol.Agent;
using Npgsql;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>
/// A machine as the host makes it, only smaller: the engine image as read-only root, an unprivileged user without capabilities,
/// mount and process namespaces of its own, the agent's reaper as PID 1. It listens on an address of 127.0.0.0/8.
/// </summary>
internal sealed partial class TestMachine : IAsyncDisposable
{
    private readonly Process _process;
    private bool _disposed;

    private TestMachine(Process process, string folder, string address, TestEngine engine)
    {
        (_process, Folder, Address, Engine) = (process, folder, address, engine);
    }

    public const int Port = 5432;
    public string Folder { get; }
    public string Address { get; }
    public string Data => $"{Folder}/data";

    public TestEngine Engine { get; }

    public static async Task<TestMachine> StartAsync(
        string folder,
        string address,
        TestEngine engine
    )
    {
        var image = engine.Image;
        // As in a real machine the address is an interface's own; group replication insists on it.
        await Shell.RunAsync("ip", "address", "replace", $"{address}/32", "dev", "lo");
        var agent = AgentProgram();
        await TestVolume.MountAsync($"{folder}/data", $"{folder}/volume");
        Directory.CreateDirectory($"{folder}/run");
        // The image's user; numbers differ between images.
        var user = (await File.ReadAllLinesAsync($"{image}/etc/passwd"))
            .First(line => line.StartsWith($"{engine.User}:", StringComparison.Ordinal))
            .Split(':');
        await Shell.RunAsync("chown", $"{user[2]}:{user[3]}", $"{folder}/data", $"{folder}/run");
        Directory.CreateDirectory($"{folder}/root");
        Directory.CreateDirectory($"{folder}/upper");
        Directory.CreateDirectory($"{folder}/work");
        var script = string.Join(
            " && ",
            $"mount -t overlay overlay -o lowerdir={image},upperdir={folder}/upper,workdir={folder}/work {folder}/root",
            $"mkdir -p {folder}/root/data && mount -o remount,ro {folder}/root",
            $"mount -t tmpfs tmpfs {folder}/root/mnt",
            $"mount -t tmpfs tmpfs {folder}/root/run",
            $"mount -t tmpfs -o mode=1777 tmpfs {folder}/root/dev",
            $"mkdir {folder}/root/dev/shm {folder}/root/run/dbaas && chmod 1777 {folder}/root/dev/shm",
            $"for d in null zero urandom random; do touch {folder}/root/dev/$d; mount --bind /dev/$d {folder}/root/dev/$d; done",
            $"mount -t proc proc {folder}/root/proc",
            $"mount --bind {folder}/run {folder}/root/run/dbaas",
            $"mkdir {folder}/root/mnt/agent",
            $"mount --bind {Path.GetDirectoryName(agent)} {folder}/root/mnt/agent",
            $"mount --bind {folder}/data {folder}/root/data",
            $"exec chroot {folder}/root /usr/bin/setpriv --reuid {user[2]} --regid {user[3]} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "
                + $"/mnt/agent/{Path.GetFileName(agent)} reaper 2>>{folder}/agent.log"
        );
        var process = Process.Start(
            new ProcessStartInfo(
                "unshare",
                [
                    "--mount",
                    "--pid",
                    "--ipc",
                    "--uts",
                    "--fork",
                    "--kill-child",
                    "bash",
                    "-c",
                    script,
                ]
            )
        )!;
        var machine = new TestMachine(process, folder, address, engine);
        await Eventually.BecomesAsync(machine.HealthAsync, _ => true, TimeSpan.FromSeconds(20));
        return machine;
    }

    public Task<AgentHealth> HealthAsync() =>
        CallAsync("GET", AgentPaths.Health, "", AgentJson.Default.AgentHealth);

    public Task<EngineLog> LogAsync() =>
        CallAsync("GET", AgentPaths.Log, "", AgentJson.Default.EngineLog);

    public Task<EngineMetrics> MetricsAsync() =>
        CallAsync("GET", AgentPaths.Metrics, "", AgentJson.Default.EngineMetrics);

    public Task<ApplyResult> StartAsync(MemberSpec spec) => ChangeAsync(AgentPaths.Start, spec);

    public Task<ApplyResult> ApplyAsync(MemberSpec spec) => ChangeAsync(AgentPaths.Apply, spec);

    public Task<ApplyResult> RestartAsync() =>
        CallAsync("POST", AgentPaths.Restart, "{}", AgentJson.Default.ApplyResult);

    public Task<ApplyResult> StopAsync() =>
        CallAsync("POST", AgentPaths.Stop, "{}", AgentJson.Default.ApplyResult);

    private Task<ApplyResult> ChangeAsync(string path, MemberSpec spec) =>
        CallAsync(
            "POST",
            path,
            JsonSerializer.Serialize(spec, AgentJson.Default.MemberSpec),
            AgentJson.Default.ApplyResult
        );

    /// <summary>A connection as the user gets one: TLS 1.3, certificate checked against the authority.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(MemberSpec spec, string database = "postgres")
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = Address,
                Port = Port,
                Username = spec.Secrets.AdminUser,
                Password = spec.Secrets.AdminPassword,
                Database = database,
                SslMode = SslMode.VerifyFull,
                RootCertificate = await AuthorityFileAsync(spec),
                Pooling = false,
                Timeout = 5,
            }.ConnectionString
        );
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The authority as a file, renamed into place: another session may read it at this moment.</summary>
    private async Task<string> AuthorityFileAsync(MemberSpec spec)
    {
        var file = $"{Folder}/ca.crt";
        var fresh = $"{file}.{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(fresh, spec.EndpointTls.AuthorityPem);
        File.Move(fresh, file, overwrite: true);
        return file;
    }

    /// <summary>The certificate that the server shows to a client of this protocol version, as DER.</summary>
    public async Task<byte[]> ServedCertificateAsync(SslProtocols protocol)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address, Port);
        // SSLRequest (protocol documentation, message formats): length 8, code 80877103.
        await client.GetStream().WriteAsync(new byte[] { 0, 0, 0, 8, 4, 210, 22, 47 });
        var answer = new byte[1];
        await client.GetStream().ReadExactlyAsync(answer);
        Assert.Equal((byte)'S', answer[0]);
        byte[] served = [];
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Address,
                EnabledSslProtocols = protocol,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    served = certificate?.GetRawCertData() ?? [];
                    return served.Length > 0;
                },
            }
        );
        return served;
    }

    public async Task<object?> QueryAsync(MemberSpec spec, string sql, string database = "postgres")
    {
        await using var connection = await ConnectAsync(spec, database);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends the machine in order, as a host does: PID 1 gets SIGTERM.</summary>
    public async Task PowerOffAsync()
    {
        await Shell.RunAsync("kill", "-TERM", ReaperPid().ToString(CultureInfo.InvariantCulture));
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            // PID 1 of the namespace takes everything along.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await Shell.RunAsync("ip", "address", "del", $"{Address}/32", "dev", "lo");
    }

    private async Task<T> CallAsync<T>(
        string method,
        string path,
        string body,
        JsonTypeInfo<T> type
    )
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                {
                    var socket = new Socket(
                        AddressFamily.Unix,
                        SocketType.Stream,
                        ProtocolType.Unspecified
                    );
                    await socket.ConnectAsync(
                        new UnixDomainSocketEndPoint($"{Folder}/run/agent.sock"),
                        cancellationToken
                    );
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );
        client.Timeout = TimeSpan.FromMinutes(2);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://agent{path}");
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize(text, type)!
            : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
    }

    /// <summary>The native agent: published by make, or by hand beside its project.</summary>
    private static string AgentProgram() =>
        new[]
        {
            $"{Environment.GetEnvironmentVariable("DBAAS_PUBLISHED")}/agent/dbaas-agent",
            Path.GetFullPath(
                Path.Combine(
                    AppContext.BaseDirectory,
                    "../../../../../artifacts/publish/agent/dbaas-agent"
                )
            ),
        }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("No native agent: build/publish agent makes it.");
}
