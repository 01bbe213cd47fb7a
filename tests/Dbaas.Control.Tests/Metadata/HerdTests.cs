using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>Many who ask at once wait for connections that are open; nobody waits for one to be opened, or for ever for another's.</summary>
public sealed class HerdTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int AtOnce = 60;
    private RunningControl _control = null!;
    private InstanceApi _api = null!;
    private string _path = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _control = await RunningControl.StartAsync(
            await postgres.ServerAsync(),
            new JsonObject { ["rateLimit"] = new JsonObject { ["burst"] = 5_000 } }
        );
        var (owner, _, _) = await ControlFixture.TenantAsync(_control);
        await ControlFixture.HasKeyAsync(owner);
        _api = new InstanceApi(owner, "run-1");
        var created = await _api.PostAsync("/instances", InstanceApi.Inputs(InstanceApi.Name()));
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        _path = $"/instances/{created.Text("id")}";
    }

    [Fact]
    public async Task Given_a_herd_of_readers_when_all_ask_at_once_then_all_are_answered_on_connections_that_stay()
    {
        var read = await ManyAsync(_path);
        var before = await ConnectionsAsync();
        var again = await ManyAsync(_path);

        Assert.All(read.Concat(again), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(await ConnectionsAsync(), 1, Warm);
        Assert.InRange(before, 1, Warm);
    }

    [Fact]
    public async Task Given_more_who_fetch_a_login_than_there_are_connections_when_all_do_at_once_then_all_get_it()
    {
        var fetched = await ManyAsync(_path + "/credentials");

        Assert.All(fetched, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Given_more_who_plan_than_there_are_connections_when_all_do_at_once_then_all_plans_are_good()
    {
        var plans = await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(_ =>
                    _api.PostAsync(
                        "/plan",
                        new JsonObject
                        {
                            ["resource"] = "DatabaseInstance",
                            ["action"] = "create",
                            ["inputs"] = InstanceApi.Inputs(InstanceApi.Name()),
                        }
                    )
                )
        );

        // A host that could not be asked makes a plan that is answered, and wrong.
        Assert.All(
            plans,
            plan => Assert.True(plan.Body?["valid"]?.GetValue<bool>(), plan.ToString())
        );
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _control.DisposeAsync();
    }

    private async Task<IReadOnlyList<HttpStatusCode>> ManyAsync(string path) =>
        await Task.WhenAll(
            Enumerable.Range(0, AtOnce).Select(async _ => (await _api.GetAsync(path)).Status)
        );

    private int Warm => _control.Services.GetRequiredService<MetadataConnections>().Warm;

    /// <summary>Of the role that reads for tenants.</summary>
    private async Task<long> ConnectionsAsync()
    {
        await using var transaction = await _control
            .Services.GetRequiredService<IPlatformTransactions>()
            .BeginAsync(Token);
        await using var command = transaction.Command(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = $1",
            new Npgsql.NpgsqlParameter { Value = MetadataOptions.AppRole }
        );
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
