using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Machines;
using Dbaas.Host.Networks;
using Dbaas.Host.Sweeping;
using Dbaas.Host.Volumes;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Host.Tests;

/// <summary>A host of its own: root folder, installation id and address ranges that no installation uses.</summary>
public sealed class TestHost : IAsyncDisposable
{
    /// <summary>Two runs beside each other on one box need different ones.</summary>
    public static readonly string InstallationId =
        Environment.GetEnvironmentVariable("DBAAS_TEST_INSTALLATION") ?? "0e57a001";
    private static readonly string Root = $"/var/tmp/dbaas-host-tests-{InstallationId}";

    // Runs beside each other must not share addresses either: 10.210 and 127.110 for the default id.
    private static readonly int Network = (Convert.ToInt32(InstallationId[6..], 16) + 39) % 40;
    internal static readonly string EndpointNetwork = $"127.{110 + Network}";
    private static readonly string MachineNetwork = $"10.{210 + Network}";

    // Compiled once a run; tests here take turns.
    private static string? agent;

    private TestHost(ServiceProvider services) => Services = services;

    public ServiceProvider Services { get; }

    internal HostSettings Settings => Services.GetRequiredService<HostSettings>();
    internal HostPaths Paths => Services.GetRequiredService<HostPaths>();
    internal KernelNames Names => Services.GetRequiredService<KernelNames>();
    internal ICommands Commands => Services.GetRequiredService<ICommands>();
    internal IContainers Containers => Services.GetRequiredService<IContainers>();
    internal Cgroups Cgroups => Services.GetRequiredService<Cgroups>();

    internal EncryptedVolumes Volumes => Services.GetRequiredService<EncryptedVolumes>();
    internal TenantNetworks Networks => Services.GetRequiredService<TenantNetworks>();
    internal RuncMachines Machines => Services.GetRequiredService<RuncMachines>();

    internal static RememberedKeys Keys { get; } = new();

    internal const string ImageId = "busybox";

    /// <summary>Sweeps what an earlier run left, then gives a host with an image of one static program.</summary>
    public static async Task<TestHost> StartAsync()
    {
        var host = Open();
        await host.SweepAsync(TestContext.Current.CancellationToken);
        host.Paths.Ensure();
        MakeImage(host.Paths.ImageRoot(ImageId));
        await host.MakeAgentAsync();
        await host.Networks.EnsureFoundationsAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The same host as a daemon sees it that was started anew: no memory, only files and the kernel.</summary>
    public static TestHost Open()
    {
        var settings = new HostSettings
        {
            Root = Root,
            InstallationId = InstallationId,
            Region = "test-a",
            Listen = $"127.0.0.1:{17621 + Network * 100}",
            MachineRange = MachineNetwork + ".0.0/16",
            EndpointRange = EndpointNetwork + ".0.0/16",
            ServiceAddress = MachineNetwork + ".255.1",
            ControlEndpoint = $"https://127.0.0.1:{17603 + Network * 100}",
            ControlCaFile = Root + "/pki/ca.crt",
            EnrolTokenFile = Root + "/secrets/enrol",
            KmsEndpoint = $"https://127.0.0.1:{17611 + Network * 100}",
            KmsCaFile = Root + "/pki/ca.crt",
            KmsCredentialsFile = Root + "/secrets/kms.json",
            UidBase = 650000,
            EtcdClientPort = 17631 + Network * 100,
            EtcdPeerPort = 17641 + Network * 100,
            ImageStore = Root + "/images",
            AgentFolder = Root + "/agent",
        };
        settings.Check();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHost(settings);
        services.AddSingleton<IDataKeys>(Keys);
        return new(services.BuildServiceProvider());
    }

    public async ValueTask DisposeAsync()
    {
        // An interrupt has cancelled the run's own token by then, and nothing would be swept.
        await SweepAsync(CancellationToken.None);
        await Services.DisposeAsync();
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await Services.GetRequiredService<RegionSweep>().RunAsync(cancellationToken);
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private async Task MakeAgentAsync()
    {
        agent ??= await CompileAgentAsync();
        Directory.CreateDirectory(Settings.AgentFolder);
        File.Copy(agent, Path.Combine(Settings.AgentFolder, MachineFolder.Binary), overwrite: true);
    }

    private async Task<string> CompileAgentAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Machines", "test-agent.c");
        var program = $"{source}.{InstallationId}";
        await Commands.DoAsync(
            "clang",
            ["-static", "-O1", "-o", program, source],
            TestContext.Current.CancellationToken
        );
        return program;
    }

    private static void MakeImage(string root)
    {
        const string busybox = "/bin/busybox";
        Assert.True(File.Exists(busybox), "These tests need the package busybox-static.");
        Directory.CreateDirectory(root + "/bin");
        Directory.CreateDirectory(root + "/etc");
        File.WriteAllText(root + "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        File.Copy(busybox, root + busybox, overwrite: true);
        foreach (var name in (string[])["sh", "cat", "id", "sleep", "ls", "nc", "ping", "wget"])
        {
            File.CreateSymbolicLink($"{root}/bin/{name}", "busybox");
        }
    }
}
