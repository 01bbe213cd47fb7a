using System.Data.Common;
using Dbaas.EndToEnd.Tests.Harness;
using MySqlConnector;
using Npgsql;

namespace Dbaas.EndToEnd.Tests.Faults.Writers;

/// <summary>Opens connections through an endpoint as a client would: TLS, verified, no pool that could hide a break.</summary>
internal sealed class WriterConnections : IDisposable
{
    // A writer that waits for a dead connection would measure its own patience and not the outage.
    private const int LimitSeconds = 4;
    private readonly TemporaryFile authority;
    private readonly Func<DbConnection> open;

    public WriterConnections(EngineUnderTest engine, Credentials credentials)
    {
        authority = new(credentials.Ca);
        open =
            engine.Engine == "mysql"
                ? OfMySql(credentials, authority.Path)
                : OfPostgreSql(credentials, authority.Path);
    }

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = open();
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

    public void Dispose() => authority.Dispose();

    private static Func<DbConnection> OfMySql(Credentials credentials, string ca)
    {
        var text = new MySqlConnectionStringBuilder
        {
            Server = credentials.Host,
            Port = (uint)credentials.Port,
            UserID = credentials.Username,
            Password = credentials.Password,
            Database = credentials.Database,
            SslMode = MySqlSslMode.VerifyFull,
            SslCa = ca,
            ConnectionTimeout = LimitSeconds,
            DefaultCommandTimeout = LimitSeconds,
            Pooling = false,
            // A fault may keep what it takes in variables of its session.
            AllowUserVariables = true,
        }.ConnectionString;
        return () => new MySqlConnection(text);
    }

    private static Func<DbConnection> OfPostgreSql(Credentials credentials, string ca)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = credentials.Host,
            Port = credentials.Port,
            Username = credentials.Username,
            Password = credentials.Password,
            Database = credentials.Database,
            SslMode = SslMode.VerifyFull,
            RootCertificate = ca,
            Timeout = LimitSeconds,
            CommandTimeout = LimitSeconds,
            Pooling = false,
        }.ConnectionString;
        return () => new NpgsqlConnection(text);
    }
}
