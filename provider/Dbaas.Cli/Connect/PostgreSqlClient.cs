using System.Diagnostics;
using Dbaas.Client.Instances;

namespace Dbaas.Cli.Connect;

/// <summary>psql over TLS 1.3 with the endpoint's certificate checked and the channel bound to it.</summary>
internal sealed class PostgreSqlClient : IEngineClient
{
    public string Engine => "postgresql";

    public string InstallHint => "Install it with: apt-get install postgresql-client";

    public ProcessStartInfo Prepare(
        CredentialsView credentials,
        SecretFolder folder,
        IReadOnlyList<string> extraArguments
    )
    {
        // https://www.postgresql.org/docs/current/libpq-pgpass.html
        var passwordFile = folder.Write(
            "pgpass",
            $"{Escape(credentials.Host)}:{credentials.Port}:*:{Escape(credentials.Username)}:{Escape(credentials.Password)}\n"
        );
        var connection = string.Join(
            ' ',
            Pair("host", credentials.Host),
            Pair("port", $"{credentials.Port}"),
            Pair("user", credentials.Username),
            Pair("dbname", credentials.Database),
            Pair("sslmode", "verify-full"),
            Pair("sslrootcert", folder.Write("ca.pem", credentials.Ca)),
            Pair("ssl_min_protocol_version", "TLSv1.3"),
            Pair("channel_binding", "require")
        );
        var start = new ProcessStartInfo("psql") { UseShellExecute = false };
        start.ArgumentList.Add(connection);
        foreach (var argument in extraArguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PGPASSFILE"] = passwordFile;
        // Set in the user's shell, they would win over what was asked for here or send the password elsewhere.
        start.Environment.Remove("PGPASSWORD");
        start.Environment.Remove("PGHOSTADDR");
        start.Environment.Remove("PGSERVICE");
        return start;
    }

    private static string Escape(string field) =>
        field
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal);

    // Values of a connection string: quotes and backslashes are escaped by a backslash.
    private static string Pair(string key, string value) =>
        $"{key}='{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
