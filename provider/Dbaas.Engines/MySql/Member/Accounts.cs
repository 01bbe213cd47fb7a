using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// The accounts of an instance. The user's holds what a database owner needs on everything but the server's own schemas, and may make
/// accounts and roles. It has neither SYSTEM_USER nor anything that leads there: accounts with SYSTEM_USER cannot be changed by it,
/// no file can be read or written, no setting of the server changed, no library loaded (that takes writing to <c>mysql</c>).
/// </summary>
internal static class Accounts
{
    /// <summary>The agent's own account: local socket only, proven by the operating system's user, no password.</summary>
    public const string Platform = "dbaas_platform";

    /// <summary>Speaks for the members among themselves, this one included: the group's messages run over the server's own port.</summary>
    public const string Replication = "dbaas_replication";

    /// <summary>Not RELOAD (it resets binary logs), no *_ADMIN that touches the server or other people's sessions, no FILE.</summary>
    private const string Privileges =
        "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, "
        + "EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER, PROCESS, REPLICATION SLAVE, "
        + "REPLICATION CLIENT, CREATE USER, CREATE ROLE, DROP ROLE, ROLE_ADMIN, APPLICATION_PASSWORD_ADMIN, XA_RECOVER_ADMIN, "
        + "SHOW_ROUTINE, FLUSH_TABLES, FLUSH_STATUS, FLUSH_OPTIMIZER_COSTS, FLUSH_USER_RESOURCES";

    // Reading mysql would show everybody's password verifier; sys may be read and its procedures run with the caller's own rights.
    private static readonly (string Schema, string Privileges)[] Withheld =
    [
        (
            "mysql",
            "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, "
                + "CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER"
        ),
        (
            "sys",
            "INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, CREATE VIEW, "
                + "CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER"
        ),
    ];

    /// <summary>
    /// Statements that the server runs at each start, before it takes connections. They write no binary log: every member of a group
    /// runs its own. The verifier of the replication account is new each time; nobody but the member uses it.
    /// </summary>
    /// <param name="secrets">Of the specification.</param>
    /// <param name="systemUser">The machine's user, who alone may be the platform's account.</param>
    public static string Initialise(MemberSecrets secrets, string systemUser) =>
        $"""
            SET SESSION sql_log_bin = OFF;
            CREATE USER IF NOT EXISTS '{Platform}'@'localhost' IDENTIFIED WITH auth_socket;
            ALTER USER '{Platform}'@'localhost' IDENTIFIED WITH auth_socket AS {SqlText.Plain(
                systemUser
            )} ACCOUNT UNLOCK;
            GRANT ALL ON *.* TO '{Platform}'@'localhost' WITH GRANT OPTION;
            CREATE USER IF NOT EXISTS '{Replication}'@'%' IDENTIFIED WITH caching_sha2_password;
            ALTER USER '{Replication}'@'%' IDENTIFIED WITH caching_sha2_password AS {SqlText.Bytes(
                PasswordVerifier.Make(secrets.ReplicationPassword)
            )} PASSWORD EXPIRE NEVER ACCOUNT UNLOCK;
            GRANT REPLICATION SLAVE, SYSTEM_USER, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO '{Replication}'@'%';

            """;

    /// <summary>What is stored about the user's account.</summary>
    /// <param name="Verifier">Of its password.</param>
    /// <param name="Restricted">Schemas that are withheld from it.</param>
    public sealed record Stored(byte[] Verifier, long Restricted);

    /// <summary>Reads <see cref="Stored"/>.</summary>
    public static string Query(MemberSecrets secrets) =>
        "SELECT CAST(authentication_string AS BINARY), COALESCE(JSON_LENGTH(User_attributes, '$.Restrictions'), 0) "
        + $"FROM mysql.user WHERE user = {SqlText.Text(secrets.AdminUser)} AND host = '%'";

    /// <summary>Statements that give the user's account its password and rights; empty when it is as it should be.</summary>
    /// <param name="secrets">Of the specification.</param>
    /// <param name="stored">Null when there is no such account.</param>
    public static IReadOnlyList<string> Converge(MemberSecrets secrets, Stored? stored)
    {
        var account = $"{SqlText.Name(secrets.AdminUser)}@'%'";
        var whole = stored?.Restricted == Withheld.Length;
        if (whole && PasswordVerifier.Matches(stored!.Verifier, secrets.AdminPassword))
        {
            return [];
        }

        // The password comes last: whenever the agent was killed before, nobody can come in and the work is done again.
        List<string> statements = [];
        if (!whole)
        {
            statements.Add(
                $"CREATE USER IF NOT EXISTS {account} IDENTIFIED WITH caching_sha2_password ACCOUNT LOCK"
            );
            statements.Add($"GRANT {Privileges} ON *.* TO {account} WITH GRANT OPTION");
            statements.AddRange(
                Withheld.Select(part =>
                    $"REVOKE {part.Privileges} ON {part.Schema}.* FROM {account}"
                )
            );
        }

        var verifier = SqlText.Bytes(PasswordVerifier.Make(secrets.AdminPassword));
        statements.Add(
            $"ALTER USER {account} IDENTIFIED WITH caching_sha2_password AS {verifier} PASSWORD EXPIRE NEVER ACCOUNT UNLOCK"
        );
        return statements;
    }
}
