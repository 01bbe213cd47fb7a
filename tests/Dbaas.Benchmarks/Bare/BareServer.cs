using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dbaas.Benchmarks.Loads;
using Dbaas.Control.Tests.Support;
using Dbaas.EndToEnd.Tests.Harness;
using Npgsql;

namespace Dbaas.Benchmarks.Bare;

/// <summary>
/// The peer: PostgreSQL from the same image, started by hand as its manual says (initdb, pg_ctl start), under an unprivileged user,
/// on an unencrypted folder of the same disk, without TLS, container or proxy; with TLS or on another folder where only that is asked.
/// </summary>
internal sealed class BareServer : IAsyncDisposable
{
    private const string User = "bench";

    // Mounts are private to the process and its children and go with them; the image itself is mounted read-only.
    private const string Script = """
        set -e
        mount --bind "$1" "$2/root"
        mount -o remount,bind,ro "$2/root"
        mount --bind "$2/work" "$2/root/mnt"
        mount --rbind /dev "$2/root/dev"
        echo ready
        exec chroot --userspec="$3" "$2/root" /bin/sh -c '
          set -e
          cd /mnt
          /usr/lib/postgresql/18/bin/initdb -D /mnt/data -U "$2" -A scram-sha-256 --pwfile=/mnt/password \
            -E UTF8 --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8
          /usr/lib/postgresql/18/bin/pg_ctl start -w -D /mnt/data -l /mnt/log \
            -o "-c listen_addresses=127.0.0.1 -c port=$1 -c unix_socket_directories=/mnt $3"
        ' sh "$4" "$5" "$6"
        """;

    private const string TlsOptions =
        "-c ssl=on -c ssl_cert_file=/mnt/server.crt -c ssl_key_file=/mnt/server.key -c ssl_min_protocol_version=TLSv1.3";

    private readonly string folder;

    private BareServer(string folder, ServerAddress address)
    {
        this.folder = folder;
        Address = address;
    }

    public ServerAddress Address { get; }

    /// <summary>From the start of initdb to the answer of <c>select 1</c>.</summary>
    public TimeSpan FirstQuery { get; private set; }

    /// <param name="image">Root file system of the engine image.</param>
    /// <param name="folder">Emptied first; on the disk the platform's volumes lie on.</param>
    /// <param name="tls">TLS 1.3, with a certificate of an authority made for it.</param>
    /// <param name="data">Where the data lie instead, e.g. an encrypted folder; null for <paramref name="folder"/>.</param>
    public static async Task<BareServer> StartAsync(
        string image,
        string folder,
        CancellationToken cancellationToken,
        bool tls = false,
        string? data = null
    )
    {
        await StopAsync(folder);
        var owner = Owner(image, "postgres");
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

        string? ca = null;
        if (tls)
        {
            var authority = new TestAuthority(work, "authority");
            authority.Loopback("server");
            ca = authority.CertificateFile;
            File.SetUnixFileMode(
                Path.Combine(work, "server.key"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite
            );
        }

        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var passwordFile = Path.Combine(work, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead);
        (await Command.RunAsync("chown", ["-RH", owner, work])).Succeeded();
        (await Command.RunAsync("chmod", ["0700", work])).Succeeded();
        var server = new BareServer(
            folder,
            new("127.0.0.1", FreePort(), User, password, "postgres", ca)
        );
        try
        {
            await server.RunAsync(image, owner, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(folder);

    private async Task RunAsync(string image, string owner, CancellationToken cancellationToken)
    {
        var port = Address.Port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(
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
                    User,
                    Address.CaFile is null ? "" : TlsOptions,
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        // The mounts are our doing, not initdb's, and do not count.
        var ready = await process.StandardOutput.ReadLineAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(
            ready == "ready" && process.ExitCode == 0,
            $"The bare server did not start.\n{output}\n{await error}"
        );
        await using var source = NpgsqlDataSource.Create(Address.ConnectionString);
        await using var query = source.CreateCommand("select 1");
        Assert.Equal(1, await query.ExecuteScalarAsync(cancellationToken));
        FirstQuery = watch.Elapsed;
    }

    /// <summary>Fast shutdown of what runs in the folder, also of what a crashed run left there, and removal.</summary>
    public static async Task StopAsync(string folder)
    {
        var pidFile = Path.Combine(folder, "work", "data", "postmaster.pid");
        if (File.Exists(pidFile))
        {
            var pid = int.Parse(
                (await File.ReadAllLinesAsync(pidFile))[0],
                CultureInfo.InvariantCulture
            );
            // A number from a file may have a new owner by now.
            if (IsPostgres(pid))
            {
                await Command.RunAsync(
                    "kill",
                    ["-INT", pid.ToString(CultureInfo.InvariantCulture)]
                );
                await Eventually.HoldsAsync(
                    () => Task.FromResult(!ProcessTable.IsAlive(pid)),
                    TimeSpan.FromSeconds(60),
                    "the bare server has stopped"
                );
            }
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsPostgres(int pid) =>
        ProcessTable.IsAlive(pid)
        && ProcessTable.CommandLine(pid).Contains("/mnt/data", StringComparison.Ordinal);

    /// <summary>uid:gid of a user of the image: servers refuse root, and initdb also users it cannot look up.</summary>
    internal static string Owner(string image, string user)
    {
        var fields = File.ReadLines(Path.Combine(image, "etc", "passwd"))
            .First(line => line.StartsWith($"{user}:", StringComparison.Ordinal))
            .Split(':');
        return $"{fields[2]}:{fields[3]}";
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
