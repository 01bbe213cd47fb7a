using Dbaas.EndToEnd.Tests.Harness;
using Npgsql;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Everything dies at once; the next start brings every database back with every row it acknowledged.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class PowerCutTests(SharedPlatform shared)
{
    [Fact]
    public async Task Given_everything_is_killed_while_rows_are_written_when_the_platform_starts_then_no_acknowledged_row_is_missing()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var platform = await shared.RunningAsync();
        const string name = "e2e-power-cut";
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();
        using var certificates = new TemporaryFile(
            (await Credentials.FetchAsync(platform, name)).Ca
        );
        var writer = new AcknowledgedWriter(
            await ConnectionStringAsync(platform, name, certificates.Path)
        );
        await writer.PrepareAsync(cancellationToken);

        var writing = writer.WriteAsync(cancellationToken);
        await Eventually.HoldsAsync(
            () => Task.FromResult(writer.Acknowledged.Count >= 500),
            TimeSpan.FromSeconds(60),
            "500 rows are acknowledged"
        );
        await platform.CutPowerAsync();
        await writing;
        (await platform.UpAsync()).Succeeded();

        var present = await Eventually.BecomesAsync(
            () => writer.PresentAsync(cancellationToken),
            _ => true,
            TimeSpan.FromSeconds(120),
            "the database answers again"
        );
        Assert.Empty(writer.Acknowledged.Except(present));
        Assert.Empty(present.Except(writer.Acknowledged).Except(writer.Unknown));
        await terraform.PlanIsEmptyAsync();
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
        await platform.NoOrphansAsync();
    }

    [Fact]
    public async Task Given_the_platform_is_stopped_in_order_when_it_starts_again_then_databases_are_back_with_their_data()
    {
        var platform = await shared.RunningAsync();
        const string name = "e2e-down-up";
        using var terraform = new TerraformWorkspace(platform);
        terraform.Write(
            (new InstanceConfiguration(name) { DeletionProtection = false }).ToString()
        );
        await terraform.InitAsync();
        await terraform.ApplyAsync();
        using var psql = new Psql(await Credentials.FetchAsync(platform, name));
        await psql.QueryAsync("create table kept as select generate_series(1, 1000) as n");

        await platform.DownAsync();
        Assert.Empty(platform.Processes());
        (await platform.UpAsync()).Succeeded();

        await Eventually.BecomesAsync(
            () => psql.TryAsync("select count(*) from kept"),
            result => result.Output.Trim() == "1000",
            TimeSpan.FromSeconds(120),
            "the database answers again"
        );
        await terraform.PlanIsEmptyAsync();
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    private static async Task<string> ConnectionStringAsync(
        Platform platform,
        string name,
        string ca
    )
    {
        var credentials = await Credentials.FetchAsync(platform, name);
        return new NpgsqlConnectionStringBuilder
        {
            Host = credentials.Host,
            Port = credentials.Port,
            Username = credentials.Username,
            Password = credentials.Password,
            Database = credentials.Database,
            SslMode = SslMode.VerifyFull,
            RootCertificate = ca,
            Timeout = 10,
            CommandTimeout = 10,
            Pooling = false,
        }.ConnectionString;
    }
}
