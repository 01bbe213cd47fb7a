using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>The real psql and pgbench, over TLS 1.3 and nothing less, with the password in a 0600 file.</summary>
public sealed class Psql : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dbaas-e2e-psql-").FullName;
    private readonly Dictionary<string, string> environment;

    public Psql(Credentials credentials)
    {
        var ca = Path.Combine(folder, "ca.crt");
        File.WriteAllText(ca, credentials.Ca);
        var passwords = Path.Combine(folder, "pgpass");
        using (
            File.Open(
                passwords,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            // Made with its mode before the password is in it.
        }

        File.WriteAllText(passwords, $"*:*:*:*:{credentials.Password}\n");
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

    public Task<CommandResult> TryAsync(
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

    public async Task<string> QueryAsync(string sql) =>
        (await TryAsync(sql)).Succeeded().Output.Trim();

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

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
