using System.Text;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// The roles of an instance. The user's role owns its databases and may make roles and databases. It is no superuser, and
/// nothing it holds leads there: it has no admin option on any predefined role, so it cannot grant itself or others the ones that
/// read files, write files or run programs. What it gets is to watch (pg_monitor), to cancel and end its users' sessions
/// (pg_signal_backend), and to force a checkpoint (pg_checkpoint). It may also make tables and schemas in the database `postgres`, where
/// everybody lands who declared no database; that one stays the superuser's, so that nobody can drop what Patroni connects to.
/// </summary>
internal static class RoleStatements
{
    public const string ReplicationUser = "dbaas_replication";
    public const string Superuser = "postgres";

    /// <summary>One statement list, sent in one go; empty when the roles are as they should be.</summary>
    /// <param name="verifiers">Existing login roles with their stored verifier.</param>
    public static string Converge(
        MemberSecrets secrets,
        IReadOnlyDictionary<string, string?> verifiers
    )
    {
        var sql = new StringBuilder();
        Role(
            sql,
            secrets.AdminUser,
            "LOGIN CREATEDB CREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS",
            secrets.AdminPassword,
            verifiers,
            AdminGrants(DatabaseNames.Quote(secrets.AdminUser))
        );
        Role(
            sql,
            ReplicationUser,
            "LOGIN REPLICATION NOSUPERUSER",
            secrets.ReplicationPassword,
            verifiers,
            ""
        );
        Role(sql, Superuser, "", secrets.SuperuserPassword, verifiers, "");
        return sql.ToString();
    }

    private static string AdminGrants(string admin) =>
        $"GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO {admin};"
        + $"GRANT CREATE ON DATABASE {Superuser} TO {admin};"
        + $"GRANT CREATE ON SCHEMA public TO {admin};";

    private static void Role(
        StringBuilder sql,
        string name,
        string attributes,
        string password,
        IReadOnlyDictionary<string, string?> verifiers,
        string grants
    )
    {
        var exists = verifiers.TryGetValue(name, out var stored);
        if (exists && ScramVerifier.Matches(stored, password))
        {
            return;
        }

        sql.Append(exists ? "ALTER ROLE " : "CREATE ROLE ")
            .Append(DatabaseNames.Quote(name))
            .Append(exists ? "" : $" {attributes}")
            .Append(" PASSWORD")
            .Append(DatabaseNames.Literal(ScramVerifier.Make(password)))
            .Append(';');
        if (!exists)
        {
            sql.Append(grants);
        }
    }
}
