using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>Many who ask at once wait for connections that are open; nobody waits for one to be opened, or for ever for another's.</summary>
public sealed class HerdTests(PostgresFixture postgres)
{
    private const int AtOnce = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_herd_of_readers_when_all_ask_at_once_then_all_are_answered_on_connections_that_stay()
    {
        await using var control = await StartAsync();
        using var owner = await OwnerAsync(control);
        using var api = new InstanceApi(owner, "run-1");
        var created = await api.PostAsync("/instances", InstanceApi.Inputs(InstanceApi.Name()));
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        var path = $"/instances/{created.Text("id")}";

        var read = await ManyAsync(api, path);
        var before = await ConnectionsAsync(control);
        var again = await ManyAsync(api, path);

        Assert.All(read.Concat(again), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(await ConnectionsAsync(control), 1, MetadataConnections.Warm);
        Assert.InRange(before, 1, MetadataConnections.Warm);
    }

    [Fact]
    public async Task Given_more_who_fetch_a_login_than_there_are_connections_when_all_do_at_once_then_all_get_it()
    {
        await using var control = await StartAsync();
        using var owner = await OwnerAsync(control);
        using var api = new InstanceApi(owner, "run-1");
        var created = await api.PostAsync("/instances", InstanceApi.Inputs(InstanceApi.Name()));
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());

        var fetched = await ManyAsync(api, $"/instances/{created.Text("id")}/credentials");

        Assert.All(fetched, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    private async Task<RunningControl> StartAsync() =>
        await RunningControl.StartAsync(
            await postgres.ServerAsync(),
            new JsonObject { ["rateLimit"] = new JsonObject { ["burst"] = 5_000 } }
        );

    private static async Task<HttpClient> OwnerAsync(RunningControl control)
    {
        using var admin = control.Client(control.AdminKey);
        using var platform = new InstanceApi(admin, "run-1");
        var made = await platform.PostAsync("/tenants", new JsonObject { ["name"] = "herd" });
        Assert.True(made.Status == HttpStatusCode.Created, made.ToString());
        var owner = control.Client(made.Body!["ownerKey"]!["secret"]!.GetValue<string>());
        await ControlFixture.HasKeyAsync(owner);
        return owner;
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> ManyAsync(
        InstanceApi api,
        string path
    ) =>
        await Task.WhenAll(
            Enumerable.Range(0, AtOnce).Select(async _ => (await api.GetAsync(path)).Status)
        );

    /// <summary>Of the role that reads for tenants.</summary>
    private static async Task<long> ConnectionsAsync(RunningControl control)
    {
        await using var transaction = await control
            .Services.GetRequiredService<IPlatformTransactions>()
            .BeginAsync(Token);
        await using var command = transaction.Command(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = $1",
            new Npgsql.NpgsqlParameter { Value = MetadataOptions.AppRole }
        );
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
