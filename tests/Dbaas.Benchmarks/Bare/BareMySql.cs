using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Dbaas.EndToEnd.Tests.Harness;
using MySqlConnector;

namespace Dbaas.Benchmarks.Bare;

/// <summary>
/// The peer of a MySQL instance: the server of the same image, initialised and started by hand as its manual says, under an unprivileged
/// user, on an unencrypted folder of the same disk, without TLS, group, container or proxy.
/// </summary>
internal sealed class BareMySql : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // Mounts are private to the process and its children and go with them; the image itself is mounted read-only, so temporary files
    // need a place of their own. The last program is the server: ending the process ends it.
    private const string Script = """
        set -e
        mount --bind "$1" "$2/root"
        mount -o remount,bind,ro "$2/root"
        mount --bind "$2/work" "$2/root/mnt"
        mount --rbind /dev "$2/root/dev"
        exec chroot --userspec="$3" "$2/root" /bin/sh -c '
          set -e
          cd /mnt
          common="--no-defaults --datadir=/mnt/data --tmpdir=/mnt --secure-file-priv=NULL --log-error=/mnt/log"
          /usr/sbin/mysqld $common --initialize-insecure
          exec /usr/sbin/mysqld $common --bind-address=127.0.0.1 --port="$1" --mysqlx=OFF --socket=/mnt/socket --pid-file=/mnt/pid
        ' sh "$4"
        """;

    private readonly string folder;
    private readonly Process process;

    private readonly string port;

    private BareMySql(string folder, Process process, string port) =>
        (this.folder, this.process, this.port) = (folder, process, port);

    /// <summary>From the start of the initialisation to the answer of <c>select 1</c>.</summary>
    public TimeSpan FirstQuery { get; private set; }

    /// <param name="image">Root file system of the engine image.</param>
    /// <param name="folder">Emptied first; on the disk the platform's volumes lie on.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="data">Where the data lie instead, e.g. an encrypted folder; null for <paramref name="folder"/>.</param>
    public static async Task<BareMySql> StartAsync(
        string image,
        string folder,
        CancellationToken cancellationToken,
        string? data = null
    )
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var owner = BareServer.Owner(image, "mysql");
        var work = Path.Combine(folder, "work");
        Directory.CreateDirectory(Path.Combine(folder, "root"));
        if (data is null)
        {
            Directory.CreateDirectory(work);
        }
        else
        {
            Directory.CreateSymbolicLink(work, data);
        }

        (await Command.RunAsync("chown", ["-H", owner, work])).Succeeded();
        var watch = Stopwatch.StartNew();
        var port = BareServer.FreePort().ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(
            new ProcessStartInfo(
                "unshare",
                [
                    "--mount",
                    "--propagation",
                    "private",
                    "sh",
                    "-c",
                    Script,
                    "sh",
                    image,
                    folder,
                    owner,
                    port,
                ]
            )
        )!;
        var server = new BareMySql(folder, process, port);
        try
        {
            await server.AskAsync(watch, cancellationToken);
            server.FirstQuery = watch.Elapsed;
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A database of that name with an account that may do everything in it, over TCP.</summary>
    public async Task<Credentials> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await using var connection = new MySqlConnection(Text(Socket));
        await connection.OpenAsync(cancellationToken);
#pragma warning disable CA2100 // the name is a caller's constant, the password hexadecimal
        await using var command = new MySqlCommand(
            $"CREATE DATABASE {database}; CREATE USER 'bench'@'%' IDENTIFIED BY '{password}'; GRANT ALL ON {database}.* TO 'bench'@'%'",
            connection
        );
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new(
            "127.0.0.1",
            int.Parse(port, CultureInfo.InvariantCulture),
            "bench",
            password,
            database,
            // The server made it for itself at its first start.
            await File.ReadAllTextAsync(
                Path.Combine(folder, "work", "data", "ca.pem"),
                cancellationToken
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Command.RunAsync(
                "kill",
                ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]
            );
            await process.WaitForExitAsync().WaitAsync(Deadline);
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // The account root has no password yet and exists for this machine only, so the question comes through the socket.
    private string Socket => Path.Combine(folder, "work", "socket");

    private static string Text(string socket) =>
        new MySqlConnectionStringBuilder
        {
            Server = socket,
            ConnectionProtocol = MySqlConnectionProtocol.UnixSocket,
            UserID = "root",
            SslMode = MySqlSslMode.Disabled,
            Pooling = false,
        }.ConnectionString;

    private async Task AskAsync(Stopwatch watch, CancellationToken cancellationToken)
    {
        while (true)
        {
            Assert.False(process.HasExited, $"MySQL ended: see {folder}/work/log");
            try
            {
                if (File.Exists(Socket))
                {
                    await using var connection = new MySqlConnection(Text(Socket));
                    await connection.OpenAsync(cancellationToken);
                    await using var query = new MySqlCommand("select 1", connection);
                    await query.ExecuteScalarAsync(cancellationToken);
                    return;
                }
            }
            catch (MySqlException) when (watch.Elapsed < Deadline)
            {
                // It does not listen yet.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
