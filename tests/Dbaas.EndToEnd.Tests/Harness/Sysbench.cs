using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>The real sysbench against a MySQL endpoint, over TLS. It ends with an error at the first statement that fails.</summary>
public sealed class Sysbench : IDisposable
{
    private readonly string folder = Directory
        .CreateTempSubdirectory("dbaas-e2e-sysbench-")
        .FullName;

    private Sysbench() { }

    /// <param name="credentials">Of the database the tables are made in.</param>
    /// <param name="tls">False for a bare server that is asked in the clear.</param>
    public static async Task<Sysbench> OfAsync(Credentials credentials, bool tls = true)
    {
        var sysbench = new Sysbench();
        sysbench.Write(
            "sysbench.conf",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                db-driver=mysql
                mysql-host={credentials.Host}
                mysql-port={credentials.Port}
                mysql-user={credentials.Username}
                mysql-password={credentials.Password}
                mysql-db={credentials.Database}
                {(tls ? "mysql-ssl=on" : "# not even off: the word alone turns it on")}

                """
            )
        );
        if (!tls)
        {
            return sysbench;
        }

        // sysbench 1.0 reads these three, under these names, from the folder it runs in. The client's own certificate must be there but
        // must not be shown: the server knows no authority for it. TLS 1.3 has no signature for a DSA key, so it stays at home.
        sysbench.Write("cacert.pem", credentials.Ca);
        await sysbench.OpenSslAsync("dsaparam", "-out", "parameters.pem", "2048");
        await sysbench.OpenSslAsync(
            "req",
            "-x509",
            "-newkey",
            "dsa:parameters.pem",
            "-noenc",
            "-keyout",
            "client-key.pem",
            "-out",
            "client-cert.pem",
            "-days",
            "1",
            "-subj",
            "/CN=nobody"
        );
        return sysbench;
    }

    /// <summary>Makes and fills the tables.</summary>
    public async Task FillAsync(int tables, int rows) =>
        (
            await RunAsync(
                "oltp_read_write",
                "prepare",
                $"--tables={Text(tables)}",
                $"--table-size={Text(rows)}"
            )
        ).Succeeded();

    /// <summary>Puts the tables under load; the answer's exit code is 0 when no statement failed.</summary>
    /// <param name="script">oltp_read_write, oltp_read_only or another of sysbench's own.</param>
    public Task<CommandResult> LoadAsync(
        string script,
        int tables,
        int rows,
        int threads,
        int seconds
    ) =>
        RunAsync(
            script,
            "run",
            $"--tables={Text(tables)}",
            $"--table-size={Text(rows)}",
            $"--threads={Text(threads)}",
            $"--time={Text(seconds)}"
        );

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<CommandResult> RunAsync(
        string script,
        string verb,
        params IReadOnlyList<string> options
    ) =>
        Command.RunAsync(
            "sysbench",
            ["--config-file=sysbench.conf", script, .. options, verb],
            folder: folder
        );

    private async Task OpenSslAsync(params IReadOnlyList<string> arguments) =>
        (await Command.RunAsync("openssl", arguments, folder: folder)).Succeeded();

    private void Write(string name, string content)
    {
        using var writer = new StreamWriter(
            Path.Combine(folder, name),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        writer.Write(content);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
