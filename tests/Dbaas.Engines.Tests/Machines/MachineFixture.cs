using System.Globalization;
using System.Security.Cryptography;
using Dbaas.Protocol.Agent;

[assembly: AssemblyFixture(typeof(Dbaas.Engines.Tests.Machines.MachineFixture))]

namespace Dbaas.Engines.Tests.Machines;

/// <summary>What the engine tests share: a folder swept of earlier runs, an authority, a store. Made on first use only.</summary>
public sealed class MachineFixture : IAsyncDisposable
{
    private const string Root = "/var/tmp/dbaas-engine-tests";
    private const long GiB = 1024L * 1024 * 1024;
    private static readonly IDatabaseEngine Engine = DatabaseEngines.Find("postgresql")!;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<TestMachine> _machines = [];
    private TestAuthority? _authority;
    private TestStore? _store;
    private int _next = 1;

    internal async Task<TestMachine> MachineAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await EnsureAsync();
            var number = (_next++).ToString(CultureInfo.InvariantCulture);
            var machine = await TestMachine.StartAsync(
                Directory.CreateDirectory($"{Root}/m{number}").FullName,
                $"127.77.1.{number}"
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
    internal async Task<TestMachine> RebootAsync(TestMachine machine)
    {
        await machine.DisposeAsync();
        var next = await TestMachine.StartAsync(machine.Folder, machine.Address);
        _machines.Add(next);
        return next;
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
            Engine = "postgresql",
            EngineVersion = "18",
            Generation = 1,
            Settings = Settings(parameters ?? []),
            Databases = databases,
            ListenAddress = machine.Address,
            Port = TestMachine.Port,
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
                AdminUser = Engine.AdminUser,
                AdminPassword = RandomNumberGenerator.GetHexString(24),
                SuperuserPassword = RandomNumberGenerator.GetHexString(24),
                ReplicationPassword = RandomNumberGenerator.GetHexString(24),
                RestPassword = RandomNumberGenerator.GetHexString(24),
            },
        };
    }

    internal static IReadOnlyDictionary<string, string> Settings(
        Dictionary<string, string> parameters
    ) => Engine.EffectiveSettings("18", new MachineSize(1, GiB / 2, 4 * GiB), parameters);

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
}
