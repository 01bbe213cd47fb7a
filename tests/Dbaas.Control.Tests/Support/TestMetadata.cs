using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Dbaas.Control.Tests.Support;

/// <summary>A migrated database of its own with the transactions the service uses.</summary>
internal sealed class TestMetadata : IAsyncDisposable
{
    private TestMetadata(PrivatePostgres server, string database)
    {
        Server = server;
        Database = database;
        Options = new MetadataOptions
        {
            SocketDirectory = server.SocketDirectory,
            Database = database,
            MaxPoolSize = 20,
            StartTimeoutSeconds = 20,
        };
        Connections = new MetadataConnections(Microsoft.Extensions.Options.Options.Create(Options));
        var transactions = new MetadataTransactions(Connections);
        Tenants = transactions;
        Platform = transactions;
    }

    public PrivatePostgres Server { get; }
    public string Database { get; }
    public MetadataOptions Options { get; }
    public MetadataConnections Connections { get; }
    public ITenantTransactions Tenants { get; }
    public IPlatformTransactions Platform { get; }
    public IEventWriter Events { get; } = new EventWriter(TimeProvider.System);

    /// <param name="postgres">The server.</param>
    /// <param name="version">The last migration it shall have; null for the newest.</param>
    public static async Task<TestMetadata> CreateAsync(
        PostgresFixture postgres,
        string? version = null
    )
    {
        var server = await postgres.ServerAsync();
        var metadata = new TestMetadata(server, await server.CreateDatabaseAsync());
        await metadata.MigrateAsync(version);
        return metadata;
    }

    public Task MigrateAsync(string? version = null) =>
        new MetadataMigrator(
            Connections,
            Microsoft.Extensions.Options.Options.Create(Options),
            TimeProvider.System,
            NullLogger<MetadataMigrator>.Instance
        ).MigrateAsync(version, TestContext.Current.CancellationToken);

    /// <summary>A tenant row, made as the platform makes it.</summary>
    public async Task<TenantId> AddTenantAsync(string name)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var id = TypedId.New<TenantId>(TimeProvider.System);
        await using var transaction = await Platform.BeginAsync(cancellationToken);
        await using var command = transaction.Command(
            "INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, $2, now())",
            new NpgsqlParameter { Value = id.ToString() },
            new NpgsqlParameter { Value = name }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
