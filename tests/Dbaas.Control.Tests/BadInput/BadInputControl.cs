using System.Globalization;
using Dbaas.Control.Tests.Support;
using Npgsql;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>A service of their own for the rows of bad input, so that they can prove that nothing changed: nobody else changes anything.</summary>
public sealed class BadInputControl : IAsyncLifetime
{
    private readonly ControlFixture _fixture = new();

    internal RunningControl Control { get; private set; } = null!;

    internal HttpClient Admin { get; private set; } = null!;

    internal HttpClient Owner { get; private set; } = null!;

    internal HttpClient Nobody { get; private set; } = null!;

    internal string OwnerKey { get; private set; } = "";

    internal string Tenant { get; private set; } = "";

    /// <summary>Id of an instance that stands.</summary>
    internal string Instance { get; private set; } = "";

    internal string InstanceName { get; } = "standing";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Control = await _fixture.StartedAsync();
        Admin = Control.Client(Control.AdminKey);
        Nobody = Control.Client(null);
        (Owner, Tenant, OwnerKey) = await _fixture.TenantAsync();
        await ControlFixture.HasKeyAsync(Owner);
        // Not disposed of: the client is everybody's.
        Instance = await new InstanceApi(Owner).CreateAsync(InstanceName);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Owner.Dispose();
        Nobody.Dispose();
        await _fixture.DisposeAsync();
    }

    internal Task<(HttpClient Owner, string TenantId, string Key)> TenantAsync() =>
        _fixture.TenantAsync();

    internal Task<HttpClient> ReadyTenantAsync() => _fixture.ReadyTenantAsync();

    /// <summary>A client that may do all that the route wants.</summary>
    internal HttpClient ClientFor(string route) =>
        route.Contains("/enrol", StringComparison.Ordinal) ? Nobody
        : route.Contains("/tenants", StringComparison.Ordinal)
        || route.Contains("/hosts", StringComparison.Ordinal)
        || route.Contains("/platform", StringComparison.Ordinal)
        || route.Contains("/prices", StringComparison.Ordinal)
            ? Admin
        : Owner;

    /// <summary>
    /// Rows of every table but those that note that somebody asked (the trail, answers kept for repeats, leases) and the default keys
    /// that a sweep makes for new tenants.
    /// </summary>
    internal async Task<string> RowsAsync()
    {
        await using var connection = new NpgsqlConnection(await SuperuserAsync());
        await connection.OpenAsync(Token);
        // What an earlier row set off must have ended, or its steps would look like this row's doing.
        await using (
            var running = new NpgsqlCommand(
                "SELECT count(*) FROM operation WHERE state IN ('queued', 'running')",
                connection
            )
        )
        {
            await Eventually.BecomesAsync(
                async () => (long)(await running.ExecuteScalarAsync(Token))!,
                left => left == 0,
                TimeSpan.FromMinutes(2)
            );
        }

        var tables = new List<string>();
        await using (
            var list = new NpgsqlCommand(
                """
                SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'orleans%'
                  AND tablename NOT IN ('event', 'idempotency_record', 'run_lease', '__EFMigrationsHistory') ORDER BY 1
                """,
                connection
            )
        )
        await using (var reader = await list.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                tables.Add(reader.GetString(0));
            }
        }

        var counts = new List<string>();
        foreach (var table in tables)
        {
            await using var count = new NpgsqlCommand(
                $"SELECT count(*) FROM \"{table}\"{(table == "customer_key" ? " WHERE NOT is_default" : "")}",
                connection
            );
            var rows = (long)(await count.ExecuteScalarAsync(Token))!;
            counts.Add(string.Create(CultureInfo.InvariantCulture, $"{table} {rows}"));
        }

        return string.Join('\n', counts);
    }

    /// <summary>How to reach the metadata as its superuser.</summary>
    internal async Task<string> SuperuserAsync() =>
        (await _fixture.PostgresAsync()).ConnectionString("postgres", Control.Database);
}

/// <summary>The rows run one after another on <see cref="BadInputControl"/>.</summary>
[CollectionDefinition(Name)]
public sealed class BadInputRows : ICollectionFixture<BadInputControl>
{
    public const string Name = "bad input";
}
