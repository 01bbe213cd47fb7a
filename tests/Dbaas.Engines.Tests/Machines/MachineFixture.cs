using System.Globalization;
using System.Security.Cryptography;
using Dbaas.Protocol.Agent;

[assembly: AssemblyFixture(typeof(Dbaas.Engines.Tests.Machines.MachineFixture))]

namespace Dbaas.Engines.Tests.Machines;

/// <summary>What the engine tests share: a folder swept of earlier runs, an authority, a store. Made on first use only.</summary>
public sealed class MachineFixture : IAsyncDisposable
{
    private static readonly string Root = $"/var/tmp/dbaas-engine-tests{TestNetwork.Suffix}";
    private const long GiB = 1024L * 1024 * 1024;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<TestMachine> _machines = [];
    private TestAuthority? _authority;
    private TestStore? _store;
    private int _next = 1;

    internal Task<TestMachine> MachineAsync() => MachineAsync(TestEngine.PostgreSql);

    internal async Task<TestMachine> MachineAsync(TestEngine engine)
    {
        await _gate.WaitAsync();
        try
        {
            await EnsureAsync();
            var number = (_next++).ToString(CultureInfo.InvariantCulture);
            var machine = await TestMachine.StartAsync(
                Directory.CreateDirectory($"{Root}/m{number}").FullName,
                $"{TestNetwork.Prefix}.1.{number}",
                engine
            );
            _machines.Add(machine);
            return machine;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The same volume in a new life of the machine.</summary>
    /// <param name="machine">The old life.</param>
    /// <param name="image">Root folder of the image of the new one; null: the same.</param>
    internal async Task<TestMachine> RebootAsync(TestMachine machine, string? image = null)
    {
        await machine.DisposeAsync();
        var next = await TestMachine.StartAsync(
            machine.Folder,
            machine.Address,
            image is null ? machine.Engine : machine.Engine with { OtherImage = image }
        );
        _machines.Add(next);
        return next;
    }

    /// <summary>
    /// Another image with the same engine, as a newer minor's would be: the image's copy, in a folder of its own. Building one from a recipe
    /// would take the processor for as long as all other tests here. Nothing writes to an image, so links do where they can be made.
    /// </summary>
    internal static async Task<string> CopyAsync(string image)
    {
        var copy = $"{Root}/image";
        try
        {
            await Shell.RunAsync("cp", "-al", image, copy);
        }
        catch (InvalidOperationException)
        {
            // The store is on another file system.
            await Shell.RunAsync("rm", "-rf", copy);
            await Shell.RunAsync("cp", "-a", image, copy);
        }

        return copy;
    }

    /// <summary>A specification with a store user of its own.</summary>
    internal async Task<MemberSpec> SpecAsync(
        TestMachine machine,
        Dictionary<string, string>? parameters = null,
        params string[] databases
    )
    {
        var name = "ins-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var prefix = $"/dbaas/{name}/";
        var password = RandomNumberGenerator.GetHexString(24);
        await _store!.AddUserAsync(name, password, prefix);
        return new MemberSpec
        {
            TenantId = "ten_test",
            InstanceId = name,
            MemberId = "mem-1",
            Cluster = name,
            Engine = machine.Engine.Name,
            EngineVersion = machine.Engine.Version,
            Generation = 1,
            Settings = Settings(machine.Engine, parameters ?? []),
            Databases = databases,
            ListenAddress = machine.Address,
            Port = machine.Engine.Port,
            EndpointTls = _authority!.Issue(machine.Address),
            InternalTls = _authority.Issue(machine.Address),
            Store = new StoreSpec
            {
                Endpoints = [TestStore.Endpoint],
                User = name,
                Password = password,
                Prefix = prefix,
                AuthorityPem = _authority.Pem,
            },
            Secrets = new MemberSecrets
            {
                AdminUser = machine.Engine.Knowledge.AdminUser,
                AdminPassword = RandomNumberGenerator.GetHexString(24),
                SuperuserPassword = RandomNumberGenerator.GetHexString(24),
                ReplicationPassword = RandomNumberGenerator.GetHexString(24),
                RestPassword = RandomNumberGenerator.GetHexString(24),
            },
        };
    }

    internal static IReadOnlyDictionary<string, string> Settings(
        Dictionary<string, string> parameters
    ) => Settings(TestEngine.PostgreSql, parameters);

    internal static IReadOnlyDictionary<string, string> Settings(
        TestEngine engine,
        Dictionary<string, string> parameters
    ) =>
        engine.Knowledge.EffectiveSettings(
            engine.Version,
            new MachineSize(1, (long)(engine.MemoryGib * GiB), 4 * GiB),
            parameters
        );

    internal TlsMaterial Issue(string address) => _authority!.Issue(address);

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines)
        {
            await machine.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _authority?.Dispose();
        if (_machines.Count > 0 && Environment.GetEnvironmentVariable("DBAAS_TEST_KEEP") is null)
        {
            await TestVolume.SweepAsync(Root);
            Directory.Delete(Root, recursive: true);
        }
    }

    private async Task EnsureAsync()
    {
        if (_store is not null)
        {
            return;
        }

        if (!EngineImages.Given)
        {
            Assert.Skip("Needs DBAAS_IMAGE_STORE, a folder filled by build/images.");
        }

        await DeadRun.SweepAsync(Root);
        await SweepAddressesAsync();
        // Of a dead run the volumes can be left; all other mounts ended with its namespaces.
        await TestVolume.SweepAsync(Root);
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }

        Directory.CreateDirectory(Root);
        _authority = new TestAuthority();
        _store = await TestStore.StartAsync(Root, _authority);
    }

    // Of a dead run the addresses of its machines are left on the loopback interface.
    private static async Task SweepAddressesAsync()
    {
        var shown = await Shell.RunAsync("ip", "-o", "-4", "address", "show", "dev", "lo");
        foreach (
            var address in shown
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(word =>
                    word.StartsWith($"{TestNetwork.Prefix}.1.", StringComparison.Ordinal)
                )
        )
        {
            await Shell.RunAsync("ip", "address", "del", address, "dev", "lo");
        }
    }
}
