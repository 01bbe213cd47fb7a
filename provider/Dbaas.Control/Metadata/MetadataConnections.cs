using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>The pools: one for each database role. Thread-safe; lives as long as the process.</summary>
internal sealed class MetadataConnections : IAsyncDisposable
{
    /// <summary>Statements a connection keeps; the service has fewer.</summary>
    private const int MaximumPrepared = 200;

    // More readings at a time than there are cores would only take turns in the database, and operations need connections too.
    private readonly int _readers;

    public MetadataConnections(IOptions<MetadataOptions> options)
    {
        var o = options.Value;
        _readers = Math.Min(Math.Max(4, Environment.ProcessorCount), o.MaxPoolSize / 2);
        ReaderTurns = new SemaphoreSlim(_readers);
        Owner = Create(o, o.OwnerConnectionString, o.OwnerRole, maxPoolSize: 2);
        App = Create(o, o.AppConnectionString, MetadataOptions.AppRole, o.MaxPoolSize);
        Platform = Create(
            o,
            o.PlatformConnectionString,
            MetadataOptions.PlatformRole,
            o.MaxPoolSize
        );
    }

    /// <summary>
    /// A turn for each core, four at least. A reading takes a millisecond or two: a herd of them is through sooner on connections that
    /// are open than on new ones, whose opening takes seconds on a busy machine (ADR 0119).
    /// </summary>
    public SemaphoreSlim ReaderTurns { get; }

    /// <summary>Connections of a role that stay open when nobody asks: twice the readers, so that operations find one too.</summary>
    public int Warm => 2 * _readers;

    /// <summary>Runs migrations, nothing else.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>For one tenant at a time; go through <see cref="ITenantTransactions"/>.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>Across tenants; go through <see cref="IPlatformTransactions"/> unless a bare connection is needed (LISTEN, Orleans).</summary>
    public NpgsqlDataSource Platform { get; }

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await App.DisposeAsync();
        await Platform.DisposeAsync();
    }

    private NpgsqlDataSource Create(
        MetadataOptions options,
        string? connectionString,
        string role,
        int maxPoolSize
    )
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString ?? "");
        if (connectionString is null)
        {
            builder.Host = options.SocketDirectory;
            builder.Port = options.Port;
            builder.Database = options.Database;
            builder.Username = role;
        }

        builder.MaxPoolSize = maxPoolSize;
        // Kept open when nobody asks, so that the first of many does not find all of them still to be opened.
        builder.MinPoolSize = Math.Min(builder.MaxPoolSize, Warm);
        builder.ApplicationName = "dbaas-control";
        // A connection keeps the plans of what it runs again and again: most queries here take less time than planning them would.
        builder.MaxAutoPrepare = MaximumPrepared;
        // Nothing here outlives its transaction: the tenant is set for one transaction, locks are those of one, and a connection that
        // LISTENs is given back only as it is lost or the service ends; announcements that come to it then are passed over. So there is
        // nothing to reset, in six statements, before each use of a connection.
        builder.NoResetOnClose = true;
        builder.Timeout = Math.Min(builder.Timeout, 5); // seconds: a request must learn quickly that the database is away
        return new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
    }
}
