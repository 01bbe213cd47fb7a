using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dbaas.Control.Composition;
using Dbaas.Control.Ids;
using Dbaas.Control.Machines;
using Dbaas.Control.Machines.Host;
using Dbaas.Control.Pki;
using Dbaas.Host.Configuration;
using Dbaas.Host.Tests;
using Microsoft.Extensions.Options;

namespace Dbaas.MachineDrivers.Tests.Hosts;

/// <summary>
/// A host's program as a process of its own, enrolled, with a region's store, gateway and key service, and the driver that control
/// would use for it. Started on first use; the driver reaches it over mTLS as control does.
/// </summary>
public sealed class RunningHost : IAsyncLifetime
{
    internal const string Region = "test-d";
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(90);
    private readonly string _id = TypedId.New<HostId>(TimeProvider.System).ToString();
    private TestAuthority? _authority;
    private HostChannels? _channels;
    private Process? _process;

    internal IMachineDriver Driver { get; private set; } = null!;

    internal TestKeys Keys { get; private set; } = null!;

    private static string Config => Path.Combine(TestRange.Root, "host.json");

    private static string Images => Environment.GetEnvironmentVariable("DBAAS_IMAGE_STORE") ?? "";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task EnsureAsync()
    {
        if (Images.Length == 0)
        {
            Assert.Skip("Needs DBAAS_IMAGE_STORE, a folder filled by build/images.");
        }

        if (_process is not null)
        {
            return;
        }

        await SweepAsync();
        Directory.CreateDirectory(TestRange.Root);
        _authority = new TestAuthority(Path.Combine(TestRange.Root, "pki"));
        Keys = await TestKeys.StartAsync(TestRange.Root, _authority);
        await WriteAsync(Settings(Keys.Endpoint));
        Enrol(Settings(Keys.Endpoint));
        var (certificate, key) = _authority.Issue("control", "127.0.0.1", "dbaas://control");
        _channels = new HostChannels(
            new OneHost(_id, Settings(Keys.Endpoint).Listen),
            new PlatformIdentity(
                Options.Create(
                    new ControlOptions
                    {
                        Pki = new PkiOptions
                        {
                            InternalCertificateFile = _authority.AuthorityFile,
                            ClientCertificateFile = certificate,
                            ClientKeyFile = key,
                        },
                    }
                )
            )
        );
        Driver = new HostMachineDriver(_channels);
        _process = Start("serve");
        await Eventually.BecomesAsync(ServesAsync, serves => serves, s_deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        using (var kill = Process.Start("kill", ["-TERM", Number(_process.Id)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(s_deadline);
        _process.Dispose();
        _channels?.Dispose();
        await SweepAsync();
        await Keys.DisposeAsync();
        _authority?.Dispose();
    }

    private async Task<bool> ServesAsync()
    {
        if (_process!.HasExited)
        {
            Assert.Fail("The host ended: " + Log());
        }

        try
        {
            // Store and gateway come up beside the daemon.
            await Driver.RemoveStoreUserAsync(
                _id,
                new() { Owner = new(), Cluster = "probe" },
                CancellationToken.None
            );
            await Driver.RemoveEndpointAsync(
                _id,
                new() { EndpointId = "ep_probe", Epoch = 1 },
                CancellationToken.None
            );
            return true;
        }
        catch (MachineDriverException refusal) when (refusal.Retryable)
        {
            return false;
        }
    }

    private static HostSettings Settings(string keyService) =>
        new()
        {
            Root = TestRange.Root,
            InstallationId = TestRange.InstallationId,
            Region = Region,
            Listen = "127.0.0.1:" + Number(TestRange.Port(21)),
            MachineRange = TestRange.Machines + ".0.0/16",
            EndpointRange = TestRange.Endpoints + ".0.0/16",
            ServiceAddress = TestRange.Machines + ".255.1",
            ControlEndpoint = "https://127.0.0.1:" + Number(TestRange.Port(3)),
            ControlCaFile = Path.Combine(TestRange.Root, "pki", "ca.crt"),
            EnrolTokenFile = Path.Combine(TestRange.Root, "secrets", "enrol"),
            KmsEndpoint = keyService,
            KmsCaFile = Path.Combine(TestRange.Root, "pki", "ca.crt"),
            KmsCredentialsFile = TestKeys.HostCredentials(TestRange.Root),
            UidBase = 1_650_000,
            EtcdClientPort = TestRange.Port(31),
            EtcdPeerPort = TestRange.Port(41),
            ImageStore = Images,
            AgentFolder = AgentFolder(),
        };

    /// <summary>What an enrolment leaves behind: identity and certificates. There is no control service to ask here.</summary>
    private void Enrol(HostSettings settings)
    {
        var region = Path.Combine(settings.Root, "hosts", settings.Region);
        var identity = Path.Combine(region, "state", "identity");
        Directory.CreateDirectory(identity);
        File.WriteAllText(
            Path.Combine(identity, "host.json"),
            $$"""{"hostId":"{{_id}}","enrolledAt":"2026-01-01T00:00:00Z"}"""
        );
        File.Copy(_authority!.AuthorityFile, Path.Combine(region, "internal-ca.crt"));
        var (certificate, key) = _authority.Issue("host", "127.0.0.1", $"dbaas://host/{_id}");
        File.Copy(certificate, Path.Combine(region, "host.crt"));
        File.Copy(key, Path.Combine(region, "host.key"));
        (certificate, key) = _authority.Issue("store", settings.ServiceAddress);
        File.Copy(certificate, Path.Combine(region, "store.crt"));
        File.Copy(key, Path.Combine(region, "store.key"));
    }

    /// <summary>Takes away what this or a dead run left, by the program's own means.</summary>
    private static async Task SweepAsync()
    {
        Directory.CreateDirectory(TestRange.Root);
        await WriteAsync(Settings("https://127.0.0.1:1"));
        using (var clean = Start("clean"))
        {
            await clean.WaitForExitAsync().WaitAsync(s_deadline);
            Assert.True(clean.ExitCode == 0, "The sweep failed: " + Log());
        }

        Directory.Delete(TestRange.Root, recursive: true);
    }

    private static Task WriteAsync(HostSettings settings) =>
        File.WriteAllTextAsync(
            Config,
            JsonSerializer.Serialize(settings, JsonSerializerOptions.Web)
        );

    private static Process Start(string verb) =>
        Process.Start(
            "bash",
            [
                "-c",
                $"exec '{Path.Combine(AppContext.BaseDirectory, "Dbaas.Host")}' {verb} --config {Config} >>{TestRange.Root}/host.log 2>&1",
            ]
        );

    private static string Log() =>
        string.Join('\n', File.ReadAllLines(Path.Combine(TestRange.Root, "host.log")).TakeLast(20));

    private static string AgentFolder() =>
        new[]
        {
            $"{Environment.GetEnvironmentVariable("DBAAS_PUBLISHED")}/agent",
            Path.GetFullPath(
                Path.Combine(AppContext.BaseDirectory, "../../../../../artifacts/publish/agent")
            ),
        }.FirstOrDefault(folder => File.Exists($"{folder}/dbaas-agent"))
        ?? throw new InvalidOperationException("No native agent: build/publish agent makes it.");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class OneHost(string id, string address) : IHostDirectory
    {
        public Task<string?> AddressAsync(string hostId, CancellationToken cancellationToken) =>
            Task.FromResult(hostId == id ? address : null);

        public Task<IReadOnlyList<(string Id, string Address)>> InRegionAsync(
            string region,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult<IReadOnlyList<(string Id, string Address)>>(
                region == Region ? [(id, address)] : []
            );
    }
}
