using System.Data.Common;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Figures;
using Dbaas.Benchmarks.Loads;
using MySqlConnector;
using Npgsql;

namespace Dbaas.Benchmarks.Creates;

/// <summary>What differs between the engines when a create is measured.</summary>
/// <param name="Name">Word in the schema.</param>
/// <param name="Version">Major version.</param>
/// <param name="MemoryGib">The least it takes.</param>
/// <param name="Title">As people write it.</param>
/// <param name="PeerName">What is done by hand.</param>
/// <param name="Goal">Ratio of a create to that.</param>
internal sealed record MeasuredEngine(
    string Name,
    string Version,
    double MemoryGib,
    string Title,
    string PeerName,
    Goal Goal
)
{
    public static MeasuredEngine PostgreSql { get; } =
        new(
            "postgresql",
            "18",
            0.5,
            "PostgreSQL",
            "initdb, pg_ctl start, first query",
            new(2.0, OfRatio: true)
        );

    public static MeasuredEngine MySql { get; } =
        new(
            "mysql",
            "9.7",
            1.5,
            "MySQL",
            "mysqld --initialize, mysqld, first query",
            new(1.0, OfRatio: true)
        );

    public static IReadOnlyList<MeasuredEngine> All { get; } = [PostgreSql, MySql];

    public static MeasuredEngine Of(JsonObject inputs) =>
        All.First(engine => engine.Name == (string)inputs["engine"]!);

    /// <summary>The smallest instance.</summary>
    public JsonObject Inputs(string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = Name,
            ["engineVersion"] = Version,
            ["region"] = "local-a",
            ["memoryGib"] = MemoryGib,
            ["storageGib"] = 1,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["databases"] = new JsonArray("bench"),
            ["deletionProtection"] = false,
        };

    /// <summary>A connection as a user opens it: verified, TLS 1.3, new.</summary>
    public async Task<DbConnection> OpenAsync(
        ServerAddress address,
        CancellationToken cancellationToken
    )
    {
        DbConnection connection = this == MySql ? MySqlTo(address) : PostgreSqlTo(address);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Query for the connection's TLS version.</summary>
    public string TlsQuery =>
        this == MySql
            ? "select variable_value from performance_schema.session_status where variable_name = 'Ssl_version'"
            : "select version from pg_stat_ssl where pid = pg_backend_pid()";

    /// <summary>Makes a server by hand, asks it once and removes it.</summary>
    /// <returns>The time to the first answer.</returns>
    public async Task<TimeSpan> BareAsync(string folder, CancellationToken cancellationToken)
    {
        var image = EngineImage.RootFolder(Name, Version);
        if (this == MySql)
        {
            await using var mysql = await BareMySql.StartAsync(image, folder, cancellationToken);
            return mysql.FirstQuery;
        }

        await using var server = await BareServer.StartAsync(image, folder, cancellationToken);
        return server.FirstQuery;
    }

    private static MySqlConnection MySqlTo(ServerAddress address) =>
        new(
            new MySqlConnectionStringBuilder
            {
                Server = address.Host,
                Port = (uint)address.Port,
                UserID = address.Username,
                Password = address.Password,
                Database = address.Database,
                SslMode = MySqlSslMode.VerifyFull,
                SslCa = address.CaFile,
                TlsVersion = "TLS 1.3",
                Pooling = false,
                ConnectionTimeout = 30,
            }.ConnectionString
        );

    private static NpgsqlConnection PostgreSqlTo(ServerAddress address) =>
        new(address.ConnectionString)
        {
            SslClientAuthenticationOptionsCallback = options =>
                options.EnabledSslProtocols = SslProtocols.Tls13,
        };
}
