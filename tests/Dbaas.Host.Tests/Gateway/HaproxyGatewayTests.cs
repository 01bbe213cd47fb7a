using Dbaas.Host.Gateway;
using Dbaas.Host.Native;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Tests.Gateway;

/// <summary>A real HAProxy in a real container, with echo servers behind it.</summary>
[Trait("Needs", "engine")]
public sealed class HaproxyGatewayTests : IAsyncLifetime
{
    private const int Port = 15432;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly EchoServer one = new("one");
    private readonly EchoServer two = new("two");
    private TestHost host = null!;
    private TestAuthority authority = null!;
    private HaproxyGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await TestHost.StartAsync();
        authority = new(host.Paths.Region + "/pki");
        gateway = Open();
        await gateway.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        authority.Dispose();
        await one.DisposeAsync();
        await two.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Given_an_entry_when_set_twice_then_it_serves_and_is_in_the_inventory()
    {
        await gateway.SetAsync(Request(1, one), Cancelled);

        await ServesAsync(1, one);
        var item = Assert.Single(await gateway.ListAsync(Cancelled));
        Assert.Equal(
            ("gateway-entry", "ep_1", "ins_1"),
            (item.Kind, item.Name, item.Owner.InstanceId)
        );
        Assert.Equal("one hello", await EchoClient.TryAsync(Address(1), Port));
    }

    [Fact]
    public async Task Given_a_live_connection_when_server_and_networks_change_then_it_lives_on()
    {
        await gateway.SetAsync(Request(1, one), Cancelled);
        await ServesAsync(1, one);
        var worker = (await host.Containers.GetAsync("gateway", Cancelled)).Pid;
        using var client = await EchoClient.ConnectAsync(Address(1), Port);
        Assert.Equal("one before", await client.SayAsync("before"));

        await gateway.SetAsync(Request(1, two, epoch: 2), Cancelled);
        await ServesAsync(1, two, epoch: 2);
        Assert.Equal("two hello", await EchoClient.TryAsync(Address(1), Port));
        Assert.Equal("one during", await client.SayAsync("during"));

        await gateway.SetAsync(Request(1, two, epoch: 3, "10.9.0.0/16"), Cancelled);
        Assert.Null(await EchoClient.TryAsync(Address(1), Port));
        Assert.Equal("one after", await client.SayAsync("after"));

        await gateway.SetAsync(Request(1, two, epoch: 4, "10.9.0.0/16", "127.0.0.0/8"), Cancelled);
        Assert.Equal("two hello", await EchoClient.TryAsync(Address(1), Port));
        Assert.Equal(worker, (await host.Containers.GetAsync("gateway", Cancelled)).Pid);
    }

    [Fact]
    public async Task Given_no_networks_when_a_client_comes_then_nobody_is_let_in()
    {
        var request = Request(1, one);
        request.AllowedCidrs.Clear();

        await gateway.SetAsync(request, Cancelled);

        Assert.Null(await EchoClient.TryAsync(Address(1), Port));
    }

    [Fact]
    public async Task Given_a_live_connection_when_other_addresses_come_and_go_then_no_client_notices()
    {
        await gateway.SetAsync(Request(1, one), Cancelled);
        await ServesAsync(1, one);
        using var client = await EchoClient.ConnectAsync(Address(1), Port);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var failures = 0;
        var connections = 0;
        var hammer = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    connections++;
                    failures += await EchoClient.TryAsync(Address(1), Port) == "one hello" ? 0 : 1;
                }
            },
            Cancelled
        );

        for (var i = 2; i < 8; i++)
        {
            await gateway.SetAsync(Request(i, two), Cancelled);
            Assert.Equal($"one {i}", await client.SayAsync($"{i}"));
        }
        await gateway.RemoveAsync(new() { EndpointId = "ep_2", Epoch = 1 }, Cancelled);
        await stop.CancelAsync();
        await hammer;

        Assert.True(connections > 10, $"only {connections} connections were tried");
        Assert.Equal(0, failures);
        Assert.Equal("one last", await client.SayAsync("last"));
    }

    [Fact]
    public async Task Given_a_removed_entry_when_an_older_request_comes_then_it_stays_away()
    {
        await gateway.SetAsync(Request(1, one, epoch: 5), Cancelled);
        await ServesAsync(1, one, epoch: 5);
        using var client = await EchoClient.ConnectAsync(Address(1), Port);
        Assert.Equal("one x", await client.SayAsync("x"));

        Assert.True(await gateway.RemoveAsync(new() { EndpointId = "ep_1", Epoch = 6 }, Cancelled));
        Assert.False(
            await gateway.RemoveAsync(new() { EndpointId = "ep_1", Epoch = 6 }, Cancelled)
        );

        Assert.Null(await EchoClient.TryAsync(Address(1), Port));
        Assert.Null(await client.SayAsync("y"));
        Assert.Empty(await gateway.ListAsync(Cancelled));
        var problem = await Assert.ThrowsAsync<GatewayException>(() =>
            gateway.SetAsync(Request(1, one, epoch: 5), Cancelled)
        );
        Assert.Equal("gateway.stale_epoch", problem.Code);
    }

    [Fact]
    public async Task Given_an_address_this_host_lacks_when_set_then_it_is_refused_and_the_rest_serves()
    {
        await gateway.SetAsync(Request(1, one), Cancelled);
        await ServesAsync(1, one);
        var request = Request(2, one);
        request.Address = "192.0.2.1";

        var problem = await Assert.ThrowsAsync<GatewayException>(() =>
            gateway.SetAsync(request, Cancelled)
        );

        Assert.Equal("gateway.refused", problem.Code);
        Assert.Contains("192.0.2.1", problem.Message, StringComparison.Ordinal);
        Assert.Equal("one hello", await EchoClient.TryAsync(Address(1), Port));
        await gateway.SetAsync(Request(3, two), Cancelled);
        await ServesAsync(3, two);
    }

    [Fact]
    public async Task Given_200_entries_when_haproxy_is_killed_then_all_serve_again()
    {
        // As an earlier daemon left them: set one by one, each would be a reload.
        var files = new GatewayFiles(Options);
        for (var i = 1; i <= 200; i++)
        {
            files.Save(EntryCheck.Accept(Request(i, i % 2 == 0 ? two : one), []));
        }
        await RestartAsync();
        Assert.Equal(200, (await gateway.ListAsync(Cancelled)).Count);
        var before = await host.Containers.GetAsync("gateway", Cancelled);

        Signals.Send(before.Pid, Signals.Kill);

        await Eventually.BecomesAsync(
            async () => (await host.Containers.GetAsync("gateway", Cancelled)).Pid,
            pid => pid != 0 && pid != before.Pid,
            Deadline
        );
        foreach (var i in (int[])[1, 2, 100, 199, 200])
        {
            await Eventually.BecomesAsync(
                () => EchoClient.TryAsync(Address(i), Port),
                answer => answer == (i % 2 == 0 ? "two hello" : "one hello"),
                Deadline
            );
        }
    }

    [Fact]
    public async Task Given_a_new_daemon_when_it_starts_then_connections_live_and_entries_are_known()
    {
        await gateway.SetAsync(Request(1, one), Cancelled);
        await ServesAsync(1, one);
        using var client = await EchoClient.ConnectAsync(Address(1), Port);
        Assert.Equal("one x", await client.SayAsync("x"));
        var before = await host.Containers.GetAsync("gateway", Cancelled);

        await RestartAsync();

        Assert.Equal(before.Pid, (await host.Containers.GetAsync("gateway", Cancelled)).Pid);
        Assert.Equal("one y", await client.SayAsync("y"));
        await gateway.SetAsync(Request(1, two, epoch: 2), Cancelled);
        await ServesAsync(1, two, epoch: 2);
    }

    [Fact]
    public async Task Given_a_removal_that_was_cut_off_when_it_is_tried_again_then_nothing_is_served_any_more()
    {
        await gateway.SetAsync(Request(1, one), Cancelled);
        await ServesAsync(1, one);
        var socket = Directory
            .EnumerateFiles(
                host.Paths.Region + "/gateway",
                "admin.sock",
                SearchOption.AllDirectories
            )
            .Single();
        File.Move(socket, socket + ".away");
        await Assert.ThrowsAsync<GatewayException>(() =>
            gateway.RemoveAsync(new() { EndpointId = "ep_1", Epoch = 2 }, Cancelled)
        );
        Assert.Equal("one hello", await EchoClient.TryAsync(Address(1), Port));

        File.Move(socket + ".away", socket);
        var orphan = Assert.Single(await gateway.ListAsync(Cancelled));
        Assert.Equal(("ep_1", null), (orphan.Name, orphan.Owner));
        Assert.True(await gateway.RemoveAsync(new() { EndpointId = "ep_1", Epoch = 2 }, Cancelled));
        Assert.Empty(await gateway.ListAsync(Cancelled));
        Assert.Null(await EchoClient.TryAsync(Address(1), Port));
        Assert.False(
            await gateway.RemoveAsync(new() { EndpointId = "ep_1", Epoch = 2 }, Cancelled)
        );
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(503, false)]
    public async Task Given_a_member_that_answers_its_check_when_it_is_primary_then_and_only_then_it_serves(
        int answer,
        bool serves
    )
    {
        var (certificate, key) = authority.Issue("member", "127.0.0.1");
        await using var patroni = new CheckServer(certificate, key, answer);
        var request = Request(1, one);
        request.Targets[0].CheckPort = patroni.Port;
        request.Targets[0].CheckPath = "/primary";

        await gateway.SetAsync(request, Cancelled);
        await Eventually.BecomesAsync(
            () => Task.FromResult(patroni.Checks),
            checks => checks >= 3,
            Deadline
        );

        await Eventually.BecomesAsync(
            async () => (await gateway.SetAsync(request, Cancelled)).Serving,
            serving => serving == serves,
            Deadline
        );
        await Eventually.BecomesAsync(
            () => EchoClient.TryAsync(Address(1), Port),
            said => said == (serves ? "one hello" : null),
            Deadline
        );
    }

    /// <summary>A new daemon: no memory, only the files and the HAProxy that runs.</summary>
    private async Task RestartAsync()
    {
        await gateway.DisposeAsync();
        gateway = Open();
        await gateway.StartAsync(Cancelled);
    }

    private HaproxyGateway Open() =>
        new(
            Options,
            TestImages.Store,
            host.Containers,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );

    private GatewayOptions Options =>
        new()
        {
            Folder = host.Paths.Region + "/gateway",
            Uid = host.Settings.UidBase + 4,
            AuthorityFile = authority.AuthorityFile,
        };

    private async Task ServesAsync(int number, EchoServer server, ulong epoch = 1) =>
        await Eventually.BecomesAsync(
            async () =>
                (await gateway.SetAsync(Request(number, server, epoch), Cancelled)).Serving
                && await EchoClient.TryAsync(Address(number), Port) == $"{server.Name} hello",
            serving => serving,
            Deadline
        );

    private static string Address(int number) =>
        $"{TestHost.EndpointNetwork}.{number / 250}.{number % 250 + 1}";

    private static SetEndpointRequest Request(
        int number,
        EchoServer server,
        ulong epoch = 1,
        params string[] cidrs
    ) =>
        new()
        {
            Owner = new() { TenantId = "ten_1", InstanceId = $"ins_{number}" },
            EndpointId = $"ep_{number}",
            Address = Address(number),
            Port = Port,
            Epoch = epoch,
            Targets =
            {
                new EndpointTarget { Address = "127.0.0.1", Port = server.Port },
            },
            AllowedCidrs = { cidrs.Length == 0 ? ["127.0.0.0/8"] : cidrs },
        };
}
