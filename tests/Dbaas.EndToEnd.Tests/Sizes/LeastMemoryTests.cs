using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Sizes;

/// <summary>
/// The least memory that a plan lets through bears nearly all the connections that its settings allow, on more data than fits: no
/// process is killed and no statement fails (ADR 0092 for MySQL, ADR 0147 for PostgreSQL).
/// </summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed partial class LeastMemoryTests(SharedPlatform shared, ITestOutputHelper output)
{
    private const int Seconds = 5;

    // For the platform's own sessions and the one that asks.
    private const int SparedConnections = 10;

    [Theory]
    [MemberData(nameof(DrawnEngine.One), MemberType = typeof(DrawnEngine))]
    public Task Given_the_least_memory_of_an_engine_when_load_uses_every_connection_then_nothing_is_killed_and_nothing_fails(
        string engine
    ) => engine == "mysql" ? MySqlBearsSysbenchAsync() : PostgreSqlBearsPgbenchAsync();

    private async Task PostgreSqlBearsPgbenchAsync()
    {
        const int scale = 40; // 600 MB
        var (platform, id, credentials) = await CreateAsync("postgresql", 0.5);
        using var client = new Psql(credentials);
        var connections = Clients(await client.QueryAsync("show max_connections"));
        var (started, kills) = (await client.StartedAsync(), MachineMemory.Kills(platform));
        (await client.BenchAsync("-i", "-q", "-s", Text(scale))).Succeeded();

        foreach (var script in (string[])["select-only", "tpcb-like"])
        {
            var run = (
                await client.BenchAsync(
                    "-n",
                    "-b",
                    script,
                    "-c",
                    Text(connections),
                    "-T",
                    Text(Seconds)
                )
            ).Succeeded();
            Assert.Contains("failed transactions: 0 ", run.Output, StringComparison.Ordinal);
            Report(platform, script, connections, PgbenchRate().Match(run.Output));
        }

        Assert.Equal(kills, MachineMemory.Kills(platform));
        Assert.False(client.Differ(started, await client.StartedAsync()));
        await DeleteAsync(platform, id);
    }

    private async Task MySqlBearsSysbenchAsync()
    {
        const int tables = 4;
        const int rows = 50_000;
        var (platform, id, credentials) = await CreateAsync("mysql", 1);
        using var client = new MySqlClient(credentials);
        using var sysbench = await Sysbench.OfAsync(credentials);
        var connections = Clients(await client.QueryAsync("select @@global.max_connections"));
        var (started, kills) = (await client.StartedAsync(), MachineMemory.Kills(platform));
        await sysbench.FillAsync(tables, rows);

        foreach (var script in (string[])["oltp_read_only", "oltp_read_write"])
        {
            var run = (
                await sysbench.LoadAsync(script, tables, rows, connections, Seconds)
            ).Succeeded();
            Report(platform, script, connections, SysbenchRate().Match(run.Output));
        }

        Assert.Equal(kills, MachineMemory.Kills(platform));
        Assert.False(client.Differ(started, await client.StartedAsync()));
        await DeleteAsync(platform, id);
    }

    private async Task<(Platform, string Id, Credentials)> CreateAsync(
        string engine,
        double memoryGib
    )
    {
        var platform = await shared.RunningAsync();
        using var rest = platform.Rest();
        var name = $"e2e-least-{engine}";
        var created = await rest.DoAsync(
            HttpMethod.Post,
            "/v1/instances",
            new JsonObject
            {
                ["name"] = name,
                ["engine"] = engine,
                ["region"] = "local-a",
                ["cpu"] = 1,
                ["memoryGib"] = memoryGib,
                ["storageGib"] = 4,
                ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
                ["databases"] = new JsonArray("app"),
                ["deletionProtection"] = false,
            }
        );
        return (
            platform,
            (string)created["resourceId"]!,
            await Credentials.FetchAsync(platform, name)
        );
    }

    private static async Task DeleteAsync(Platform platform, string id)
    {
        using var rest = platform.Rest();
        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{id}");
    }

    private void Report(Platform platform, string script, int connections, Match rate) =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{script}: {connections} connections, {rate.Groups[1].Value} transactions a second, {MachineMemory.AnonymousMib(platform):0} MiB anonymous afterwards"
            )
        );

    private static int Clients(string most) =>
        int.Parse(most, CultureInfo.InvariantCulture) - SparedConnections;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^tps = ([0-9.]+) ", RegexOptions.Multiline)]
    private static partial Regex PgbenchRate();

    [GeneratedRegex(@"transactions: +[0-9]+ +\(([0-9.]+) per sec")]
    private static partial Regex SysbenchRate();
}
