using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.ThirdEngine;

/// <summary>
/// R1.3: an engine is added to a platform that runs, and its databases do not notice. MariaDB lies in <c>Added/</c> as files in the places
/// that docs/adding-an-engine.md names; the platform is upgraded to a build with them by its own means, under load.
/// </summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
[Trait("Takes", "long")]
public sealed class ThirdEngineTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Given_load_on_two_engines_when_a_third_is_added_then_nobody_sees_an_error_and_it_can_be_provisioned()
    {
        if (!Extent.IsWhole)
        {
            Assert.Skip(
                "Builds the platform a second time and upgrades one under load: six minutes; make faults runs it, make test compiles the engine."
            );
        }

        var platform = new Platform("third");
        await platform.StartAfreshAsync();
        try
        {
            using var tree = new SourceTree();
            await tree.AddAsync(NewEngineFiles.Folder);
            await tree.PublishAsync();
            await CreateAsync(platform, "postgresql", "18", "e2e-third-pg");
            await CreateAsync(platform, "mysql", "9.7", "e2e-third-my");
            using var postgres = new Psql(await Credentials.FetchAsync(platform, "e2e-third-pg"));
            using var mysql = new MySqlClient(
                await Credentials.FetchAsync(platform, "e2e-third-my")
            );
            var started = (await postgres.StartedAsync(), await mysql.StartedAsync());
            using var sysbench = await Sysbench.OfAsync(
                await Credentials.FetchAsync(platform, "e2e-third-my")
            );
            using var load = new RunningLoad(postgres, sysbench);
            await load.StartAsync();

            (await platform.UpAsync(tree.Published)).Succeeded();
            Assert.Contains(
                "mariadb",
                (await platform.CliAsync("engine", "list")).Succeeded().Output,
                StringComparison.Ordinal
            );
            await LiveAsync(platform, "e2e-third-maria");

            Assert.Empty(await load.EndAsync());
            output.WriteLine(load.Figures);
            Assert.False(postgres.Differ(started.Item1, await postgres.StartedAsync()));
            Assert.False(mysql.Differ(started.Item2, await mysql.StartedAsync()));
            Assert.Empty(await platform.OrphansAsync());
        }
        finally
        {
            await platform.CleanAsync();
        }
    }

    /// <summary>Made, asked, grown, given another parameter, restarted and deleted: what every engine's instance does.</summary>
    private static async Task LiveAsync(Platform platform, string name)
    {
        using var rest = platform.Rest();
        await CreateAsync(platform, "mariadb", "11.8", name);
        using var maria = new MySqlClient(await Credentials.FetchAsync(platform, name));
        Assert.Contains(
            "11.8.",
            await maria.QueryAsync("select version()"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "TLSv1.3",
            await maria.QueryAsync(
                "select variable_value from information_schema.session_status where variable_name = 'SSL_VERSION'"
            )
        );
        await maria.KeepAsync();

        await rest.DoAsync(
            HttpMethod.Patch,
            $"/v1/instances/{name}",
            new JsonObject
            {
                ["storageGib"] = 3,
                ["parameters"] = new JsonObject { ["sort_buffer_size"] = "512K" },
            }
        );
        await rest.DoAsync(HttpMethod.Post, $"/v1/instances/{name}/restart");
        Assert.Equal("524288", await maria.QueryAsync("select @@global.sort_buffer_size"));
        Assert.True(await maria.HasKeptAsync());
        Assert.Equal(
            3,
            (await rest.GetAsync($"/v1/instances/{name}"))["storageGib"]!.GetValue<int>()
        );

        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{name}");
        Assert.Empty(await rest.InstancesAsync(name));
    }

    private static async Task CreateAsync(
        Platform platform,
        string engine,
        string version,
        string name
    )
    {
        using var rest = platform.Rest();
        var (status, body) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/instances",
            new JsonObject
            {
                ["name"] = name,
                ["engine"] = engine,
                ["engineVersion"] = version,
                ["region"] = "local-a",
                ["cpu"] = 1,
                ["memoryGib"] = engine == "mysql" ? 1.5 : 0.5,
                ["storageGib"] = 2,
                ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
                ["databases"] = new JsonArray("shop"),
                ["deletionProtection"] = false,
            }
        );
        Assert.True(status == HttpStatusCode.Accepted, $"{engine}: {(int)status} {body}");
        // An engine's first instance waits for its image.
        await Eventually.HoldsAsync(
            async () =>
                (await rest.InstancesAsync(name)) is [var instance]
                && (string)instance["status"]! == "available",
            TimeSpan.FromMinutes(8),
            $"{name} is available"
        );
    }
}
