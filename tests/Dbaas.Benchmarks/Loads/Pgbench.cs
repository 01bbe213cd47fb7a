using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Loads;

/// <summary>PostgreSQL's own load program against one server, the password in a 0600 file.</summary>
internal sealed partial class Pgbench : IDisposable
{
    private readonly string program;
    private readonly string folder = Directory
        .CreateTempSubdirectory("dbaas-bench-pgbench-")
        .FullName;
    private readonly Dictionary<string, string> environment;

    public Pgbench(string program, ServerAddress address)
    {
        this.program = program;
        var passwords = Path.Combine(folder, "pgpass");
        // Made with its mode before the password is in it.
        using (
            var file = new FileStream(
                passwords,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        using (var writer = new StreamWriter(file))
        {
            writer.Write($"*:*:*:*:{address.Password}\n");
        }

        environment = new()
        {
            ["PGHOST"] = address.Host,
            ["PGPORT"] = address.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = address.Username,
            ["PGDATABASE"] = address.Database,
            ["PGPASSFILE"] = passwords,
            ["PGSSLMODE"] =
                address.CaFile is null ? "disable"
                : address.AnyName ? "verify-ca"
                : "verify-full",
            ["PGSSLMINPROTOCOLVERSION"] = "TLSv1.3",
        };
        if (address.CaFile is { } ca)
        {
            environment["PGSSLROOTCERT"] = ca;
        }
    }

    /// <summary>Debian keeps it beside the server's programs, not in the PATH; the newest one, or null.</summary>
    public static string? Find() =>
        !Directory.Exists("/usr/lib/postgresql")
            ? null
            : Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(version =>
                    int.TryParse(
                        Path.GetFileName(version),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var major
                    )
                        ? major
                        : 0
                )
                .Select(version => $"{version}/bin/pgbench")
                .FirstOrDefault(File.Exists);

    /// <param name="scale">100,000 accounts each.</param>
    public async Task FillAsync(int scale) => await RunAsync("-i", "-q", "-s", Number(scale));

    /// <summary>Transactions a second, connecting not counted.</summary>
    public async Task<double> RateAsync(bool selectOnly, int clients, int seconds)
    {
        List<string> arguments =
        [
            "-n",
            "-b",
            selectOnly ? "select-only" : "tpcb-like",
            "-c",
            Number(clients),
            "-T",
            Number(seconds),
        ];
        var output = await RunAsync([.. arguments]);
        var rate = Rate().Match(output);
        return rate.Success
            ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench told no rate:\n{output}");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<string> RunAsync(params IReadOnlyList<string> arguments) =>
        (await Command.RunAsync(program, arguments, environment)).Succeeded().Output;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^tps = ([0-9.]+) ", RegexOptions.Multiline)]
    private static partial Regex Rate();
}
