using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Dbaas.Control.Tests.Support;

/// <summary>
/// A PostgreSQL of our own: in a temporary folder, on a Unix socket only, without fsync. As root it runs under an unprivileged uid,
/// because PostgreSQL refuses to run as root. Stopped and removed at the end; leftovers of crashed runs are swept first.
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Prefix = "dbaas-control-test-";
    private const int Uid = 65_534; // nobody: initdb wants a user with a name, and every Linux has this one

    private readonly string _root;
    private Process? _process;

    private PrivatePostgres(string root) => _root = root;

    /// <summary>Folder of the socket.</summary>
    public string SocketDirectory => Path.Combine(_root, "run");

    public string ConnectionString(string role, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = SocketDirectory,
            Username = role,
            Database = database,
            MaxPoolSize = 20,
            Timeout = 5,
        }.ConnectionString;

    public static async Task<PrivatePostgres> StartAsync()
    {
        Sweep();
        var root = Path.Combine(
            Path.GetTempPath(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"
            )
        );
        Directory.CreateDirectory(Path.Combine(root, "run"));
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", $"{Uid}:{Uid}", root);
        }

        var server = new PrivatePostgres(root);
        await RunAsync([
            .. AsUser(),
            Binary("initdb"),
            "--pgdata",
            server.Data,
            "--username",
            "postgres",
            "--auth",
            "trust",
            "--no-sync",
            "--encoding",
            "UTF8",
            "--no-locale",
        ]);
        server.Launch();
        await server.WaitAsync();
        return server;
    }

    /// <summary>A database owned by a role without superuser rights, as in an installation.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "t" + Guid.NewGuid().ToString("N")[..12];
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dbaas_owner') THEN
                CREATE ROLE dbaas_owner LOGIN CREATEROLE;
              END IF;
            END $$;
            """,
            connection
        );
        await command.ExecuteNonQueryAsync();
        command.CommandText = $"CREATE DATABASE {name} OWNER dbaas_owner";
        await command.ExecuteNonQueryAsync();
        return name;
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
        {
            return;
        }

        // SIGQUIT: immediate shutdown, backends included, so that the socket is free for the next start.
        await RunAsync("kill", "-QUIT", _process.Id.ToString(CultureInfo.InvariantCulture));
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task RestartAsync()
    {
        Launch();
        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_root, recursive: true);
    }

    private string Data => Path.Combine(_root, "data");

    private void Launch()
    {
        string[] command =
        [
            .. AsUser(),
            Binary("postgres"),
            "-D",
            Data,
            "-c",
            "listen_addresses=",
            "-c",
            $"unix_socket_directories={SocketDirectory}",
            "-c",
            "fsync=off",
            "-c",
            "full_page_writes=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "max_connections=200",
            "-c",
            "shared_buffers=32MB",
            "-c",
            "log_min_messages=fatal",
        ];
        _process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = _root,
                RedirectStandardError = false,
            }
        );
    }

    private async Task WaitAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(
                    ConnectionString("postgres", "postgres")
                );
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (clock.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(50);
            }
        }
    }

    private static string[] AsUser() =>
        Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={Uid}", $"--regid={Uid}", "--clear-groups", "--"]
            : [];

    private static string Binary(string name) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Append("/usr/local/bin")
            .Concat(
                Directory.Exists("/usr/lib/postgresql")
                    ? Directory
                        .GetDirectories("/usr/lib/postgresql")
                        .OrderDescending()
                        .Select(version => Path.Combine(version, "bin"))
                    : []
            )
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"{name} was not found in PATH, /usr/local/bin or /usr/lib/postgresql/*/bin: install PostgreSQL."
        );

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/tmp",
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {error}");
        }
    }

    /// <summary>Folders of runs whose process is gone; their server, if it still lives, is told to end by its own pid file.</summary>
    private static void Sweep()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (Directory.Exists("/proc/" + owner))
            {
                continue;
            }

            var pidFile = Path.Combine(folder, "data", "postmaster.pid");
            try
            {
                if (
                    File.Exists(pidFile)
                    && File.ReadLines(pidFile).First() is { } pid
                    && File.Exists($"/proc/{pid}/cmdline")
                    && File.ReadAllText($"/proc/{pid}/cmdline")
                        .Contains(folder, StringComparison.Ordinal)
                )
                {
                    using var server = Process.GetProcessById(
                        int.Parse(pid, CultureInfo.InvariantCulture)
                    );
                    server.Kill();
                    server.WaitForExit(5_000);
                }

                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // another run sweeps at the same time
            }
        }
    }
}
