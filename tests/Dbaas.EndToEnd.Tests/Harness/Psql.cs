using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>The real psql and pgbench.</summary>
public sealed class Psql : SqlClient
{
    private readonly Dictionary<string, string> environment;

    public Psql(Credentials credentials)
    {
        var ca = Secret("ca.crt", credentials.Ca);
        var passwords = Secret("pgpass", $"*:*:*:*:{credentials.Password}\n");
        environment = new()
        {
            ["PGHOST"] = credentials.Host,
            ["PGPORT"] = credentials.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = credentials.Username,
            ["PGDATABASE"] = credentials.Database,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = ca,
            ["PGSSLMINPROTOCOLVERSION"] = "TLSv1.3",
            ["PGPASSFILE"] = passwords,
            ["PGCONNECT_TIMEOUT"] = "10",
        };
    }

    protected override string StartedQuery =>
        "select extract(epoch from pg_postmaster_start_time())";

    public override Task<CommandResult> TryAsync(
        string sql,
        IReadOnlyDictionary<string, string>? changes = null
    )
    {
        var settings = new Dictionary<string, string>(environment);
        foreach (var (name, value) in changes ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }

        return Command.RunAsync(
            "psql",
            ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql],
            settings
        );
    }

    public override Task<string> TlsVersionAsync() =>
        QueryAsync("select version from pg_stat_ssl where pid = pg_backend_pid()");

    public override async Task LoadAsync()
    {
        (await BenchAsync("-i", "-q", "-s", "1")).Succeeded();
        (await BenchAsync("-c", "4", "-t", "50", "-n")).Succeeded();
    }

    /// <summary>pgbench lies beside the server's programs on Debian, not in the PATH.</summary>
    public Task<CommandResult> BenchAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(
            Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .Select(version => $"{version}/bin/pgbench")
                .First(File.Exists),
            arguments,
            environment
        );
}
