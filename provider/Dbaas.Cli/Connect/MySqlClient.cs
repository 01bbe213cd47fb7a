using System.Diagnostics;
using Dbaas.Client.Instances;

namespace Dbaas.Cli.Connect;

/// <summary>
/// mysql, or mariadb where only that exists, over TLS 1.3 with the endpoint's certificate checked. Which of the two it is decides how
/// that is asked for: both refuse what they do not know.
/// </summary>
internal sealed class MySqlClient : IEngineClient
{
    private readonly Func<string, string?> find;

    public MySqlClient()
        : this(FindInPath) { }

    /// <param name="find">The file behind a program's name, links resolved; null when there is none.</param>
    internal MySqlClient(Func<string, string?> find) => this.find = find;

    public string Engine => "mysql";

    public string InstallHint =>
        "Install it with: apt-get install default-mysql-client (or mariadb-client)";

    public ProcessStartInfo Prepare(
        CredentialsView credentials,
        SecretFolder folder,
        IReadOnlyList<string> extraArguments
    )
    {
        // Debian's mysql is a link to mariadb where MySQL's own client is not installed.
        var program =
            find("mysql") is not null ? "mysql"
            : find("mariadb") is not null ? "mariadb"
            : "mysql";
        var isMariaDb = find(program)?.Contains("mariadb", StringComparison.Ordinal) ?? false;
        var authority = folder.Write("ca.pem", credentials.Ca);
        // The order of the documentation: --defaults-file must come first, and keeps the user's own files out.
        var options = folder.Write(
            "client.cnf",
            string.Join(
                '\n',
                "[client]",
                $"host={Quoted(credentials.Host)}",
                $"port={credentials.Port}",
                "protocol=tcp",
                $"user={Quoted(credentials.Username)}",
                $"password={Quoted(credentials.Password)}",
                $"ssl-ca={Quoted(authority)}",
                isMariaDb ? "ssl-verify-server-cert" : "ssl-mode=VERIFY_IDENTITY",
                "tls-version=TLSv1.3",
                ""
            )
        );
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        start.ArgumentList.Add($"--defaults-file={options}");
        if (credentials.Database.Length > 0)
        {
            start.ArgumentList.Add($"--database={credentials.Database}");
        }

        foreach (var argument in extraArguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Set in the user's shell, they would win over what was asked for here or send the password elsewhere.
        start.Environment.Remove("MYSQL_PWD");
        start.Environment.Remove("MYSQL_HOST");
        start.Environment.Remove("MYSQL_TCP_PORT");
        start.Environment.Remove("MYSQL_UNIX_PORT");
        return start;
    }

    // In an option file backslashes escape, and # begins a comment outside of quotes.
    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";

    private static string? FindInPath(string program)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            var file = new FileInfo(Path.Combine(folder, program));
            if (folder.Length > 0 && file.Exists)
            {
                return file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
            }
        }

        return null;
    }
}
