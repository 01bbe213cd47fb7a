using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>MariaDB's client, which is what Debian has for MySQL; the server is Oracle's.</summary>
public sealed class MySqlClient : SqlClient
{
    private const int Sessions = 4;
    private const int Transactions = 50;
    private readonly string options;

    public MySqlClient(Credentials credentials) =>
        options = Secret(
            "client.cnf",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                [client]
                host={credentials.Host}
                port={credentials.Port}
                protocol=tcp
                user={credentials.Username}
                password="{credentials.Password}"
                database={credentials.Database}
                ssl-ca={Secret("ca.pem", credentials.Ca)}
                ssl-verify-server-cert
                tls-version=TLSv1.3
                connect-timeout=10

                """
            )
        );

    /// <summary>The server knows its uptime in whole seconds, and so does the clock it is taken from.</summary>
    protected override TimeSpan Wavers => TimeSpan.FromSeconds(1.5);

    protected override string StartedQuery =>
        "select unix_timestamp() - variable_value from performance_schema.global_status where variable_name = 'Uptime'";

    public override Task<CommandResult> TryAsync(
        string sql,
        IReadOnlyDictionary<string, string>? changes = null
    ) =>
        Command.RunAsync(
            "mariadb",
            [$"--defaults-file={options}", "--batch", "--skip-column-names"],
            changes,
            input: sql + ";\n"
        );

    public override Task<string> TlsVersionAsync() =>
        QueryAsync(
            "select variable_value from performance_schema.session_status where variable_name = 'Ssl_version'"
        );

    public override async Task LoadAsync()
    {
        await QueryAsync(
            "create table load_test (session int, n int, filler varchar(80), primary key (session, n))"
        );
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(WriteAsync));
        Assert.Equal(
            (Sessions * Transactions).ToString(CultureInfo.InvariantCulture),
            await QueryAsync("select count(*) from load_test")
        );
    }

    private Task<string> WriteAsync(int session) =>
        QueryAsync(
            string.Join(
                ";\n",
                Enumerable
                    .Range(0, Transactions)
                    .Select(n =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"begin; insert into load_test values ({session}, {n}, repeat('x', 80)); update load_test set filler = '{n}' where session = {session} and n = {n}; commit"
                        )
                    )
            )
        );
}
