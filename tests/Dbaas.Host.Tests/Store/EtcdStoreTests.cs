using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Dbaas.Host.Native;
using Dbaas.Host.Store;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Tests.Store;

/// <summary>A real etcd in a real container.</summary>
[Trait("Needs", "engine")]
public sealed class EtcdStoreTests : IAsyncLifetime
{
    private static readonly string Address = TestHost.EndpointNetwork + ".255.1";
    private static readonly Owner Someone = new() { TenantId = "ten_1", InstanceId = "ins_1" };

    private TestHost host = null!;
    private TestAuthority authority = null!;
    private StoreOptions options = null!;
    private EtcdStore store = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await TestHost.StartAsync();
        authority = new(host.Paths.Region + "/pki");
        var (certificate, key) = authority.Issue("store", Address);
        options = new()
        {
            Folder = host.Paths.Region + "/etcd",
            Address = Address,
            ClientPort = host.Settings.EtcdClientPort,
            PeerPort = host.Settings.EtcdPeerPort,
            Uid = host.Settings.UidBase + 3,
            CertificateFile = certificate,
            KeyFile = key,
            AuthorityFile = authority.AuthorityFile,
        };
        store = Open();
        await store.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        authority.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Given_two_users_when_one_reaches_for_the_others_prefix_then_it_is_refused()
    {
        var access = await store.EnsureUserAsync(Someone, "one", "secret-1", Cancelled);
        await store.EnsureUserAsync(Someone, "two", "secret-2", Cancelled);

        Assert.Equal("/dbaas/one/", access.Prefix);
        Assert.Equal([options.Endpoint], access.Endpoints);
        await PutAsync("one", "secret-1", "/dbaas/one/leader");
        await RefusedAsync(() => PutAsync("one", "secret-1", "/dbaas/two/leader"));
        await RefusedAsync(() => PutAsync("two", "secret-2", "/dbaas/one/leader"));
        await RefusedAsync(() => PutAsync("one", "secret-1", "/dbaas/onetwo/leader"));
        await RefusedAsync(() => GetAsync("two", "secret-2", "/dbaas/one/leader"));
        Assert.Equal("1", await GetAsync("one", "secret-1", "/dbaas/one/leader"));
    }

    [Fact]
    public async Task Given_no_credentials_or_wrong_ones_when_used_then_they_are_refused()
    {
        await store.EnsureUserAsync(Someone, "one", "secret-1", Cancelled);

        await RefusedAsync(() => PutAsync("one", "wrong", "/dbaas/one/leader"));
        using var connection = new EtcdConnection(options.Endpoint, options.AuthorityFile);
        await RefusedAsync(() =>
            connection.PostAsync(
                "/v3/kv/put",
                new("/dbaas/one/leader"u8.ToArray(), "x"u8.ToArray()),
                StoreJson.Default.EtcdPut,
                null,
                Cancelled
            )
        );
    }

    [Fact]
    public async Task Given_a_user_when_ensured_again_then_only_another_password_changes_it()
    {
        await store.EnsureUserAsync(Someone, "one", "secret-1", Cancelled);
        await store.EnsureUserAsync(Someone, "one", "secret-1", Cancelled);
        await PutAsync("one", "secret-1", "/dbaas/one/leader");

        await store.EnsureUserAsync(Someone, "one", "secret-2", Cancelled);

        await RefusedAsync(() => PutAsync("one", "secret-1", "/dbaas/one/leader"));
        await PutAsync("one", "secret-2", "/dbaas/one/leader");
        var item = Assert.Single(await store.ListAsync(Cancelled));
        Assert.Equal(("store-user", "one"), (item.Kind, item.Name));
        Assert.Equal(Someone, item.Owner);
        Assert.StartsWith("1 keys", item.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_removed_user_when_its_successor_comes_then_no_key_is_left()
    {
        await store.EnsureUserAsync(Someone, "one", "secret-1", Cancelled);
        await PutAsync("one", "secret-1", "/dbaas/one/leader");

        Assert.True(await store.RemoveUserAsync("one", Cancelled));
        Assert.False(await store.RemoveUserAsync("one", Cancelled));

        Assert.Empty(await store.ListAsync(Cancelled));
        await store.EnsureUserAsync(Someone, "one", "secret-2", Cancelled);
        Assert.Equal("0", await GetAsync("one", "secret-2", "/dbaas/one/leader"));
    }

    [Fact]
    public async Task Given_tls_1_2_when_a_client_offers_no_more_then_the_handshake_fails()
    {
        await ShakeHandsAsync(SslProtocols.Tls13);
#pragma warning disable CA5398 // The old protocol is the point.
        await Assert.ThrowsAnyAsync<Exception>(() => ShakeHandsAsync(SslProtocols.Tls12));
#pragma warning restore CA5398
    }

    [Fact]
    public async Task Given_a_new_daemon_when_it_starts_then_it_adopts_the_running_store_and_its_users()
    {
        await store.EnsureUserAsync(Someone, "one", "secret-1", Cancelled);
        var before = await host.Containers.GetAsync("etcd", Cancelled);
        await store.DisposeAsync();

        store = Open();
        await store.StartAsync(Cancelled);

        Assert.Equal(before.Pid, (await host.Containers.GetAsync("etcd", Cancelled)).Pid);
        await PutAsync("one", "secret-1", "/dbaas/one/leader");
    }

    [Fact]
    public async Task Given_a_store_that_was_killed_when_watched_then_it_comes_back_with_its_keys()
    {
        await store.EnsureUserAsync(Someone, "one", "secret-1", Cancelled);
        await PutAsync("one", "secret-1", "/dbaas/one/leader");
        var before = await host.Containers.GetAsync("etcd", Cancelled);

        Signals.Send(before.Pid, Signals.Kill);

        await Eventually.BecomesAsync(
            async () => (await host.Containers.GetAsync("etcd", Cancelled)).Pid,
            pid => pid != 0 && pid != before.Pid,
            TimeSpan.FromSeconds(20)
        );
        await Eventually.BecomesAsync(
            () => store.CheckAsync(Cancelled),
            problem => problem is null,
            TimeSpan.FromSeconds(20)
        );
        Assert.Equal("1", await GetAsync("one", "secret-1", "/dbaas/one/leader"));
        // Our own root token died with the process.
        Assert.Single(await store.ListAsync(Cancelled));
    }

    private EtcdStore Open() =>
        new(
            options,
            TestImages.Store,
            host.Containers,
            TimeProvider.System,
            NullLogger<EtcdStore>.Instance
        );

    private async Task PutAsync(string user, string password, string key)
    {
        using var connection = new EtcdConnection(options.Endpoint, options.AuthorityFile);
        await connection.PostAsync(
            "/v3/kv/put",
            new(Encoding.UTF8.GetBytes(key), "x"u8.ToArray()),
            StoreJson.Default.EtcdPut,
            await TokenAsync(connection, user, password),
            Cancelled
        );
    }

    private async Task<string> GetAsync(string user, string password, string key)
    {
        using var connection = new EtcdConnection(options.Endpoint, options.AuthorityFile);
        var answer = await connection.PostAsync(
            "/v3/kv/range",
            new(Encoding.UTF8.GetBytes(key)),
            StoreJson.Default.EtcdRange,
            await TokenAsync(connection, user, password),
            Cancelled
        );
        return answer.Count ?? "0";
    }

    private static async Task<string> TokenAsync(
        EtcdConnection connection,
        string user,
        string password
    ) =>
        (
            await connection.PostAsync(
                "/v3/auth/authenticate",
                new(user, password),
                StoreJson.Default.EtcdCredentials,
                null,
                Cancelled
            )
        ).Token!;

    private static Task<EtcdRefusal> RefusedAsync(Func<Task> call) =>
        Assert.ThrowsAsync<EtcdRefusal>(call);

    private async Task ShakeHandsAsync(SslProtocols protocol)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address, options.ClientPort, Cancelled);
#pragma warning disable CA5359 // Only the protocol version is under test.
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Address,
                EnabledSslProtocols = protocol,
            },
            Cancelled
        );
        Assert.Equal(protocol, stream.SslProtocol);
    }
}
