using System.Security.Authentication;
using Dbaas.Engines.Tests.Machines;
using Npgsql;

namespace Dbaas.Engines.Tests.PostgreSql;

/// <summary>What the user's role and a stranger on the network cannot do.</summary>
[Trait("Needs", "engine")]
public sealed class RightsOfTheAdminTests(MachineFixture fixture)
{
    [Fact]
    public async Task Given_the_admin_role_when_it_reaches_for_more_then_the_engine_refuses()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);

        string[] attempts =
        [
            "ALTER ROLE dbaas_admin SUPERUSER",
            "CREATE ROLE s SUPERUSER",
            "CREATE ROLE r REPLICATION",
            "CREATE ROLE b BYPASSRLS",
            "ALTER ROLE postgres PASSWORD 'x'",
            "ALTER ROLE dbaas_replication PASSWORD 'x'",
            "SET ROLE postgres",
            "SET SESSION AUTHORIZATION postgres",
            "GRANT postgres TO dbaas_admin",
            "GRANT pg_execute_server_program TO dbaas_admin",
            "GRANT pg_write_server_files TO dbaas_admin",
            "GRANT pg_read_server_files TO dbaas_admin",
            "COPY (SELECT 1) TO PROGRAM 'id'",
            "COPY (SELECT 1) TO '/tmp/x'",
            "CREATE TABLE f (t text); COPY f FROM '/etc/passwd'",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('/')",
            "SELECT lo_import('/etc/passwd')",
            "CREATE EXTENSION dblink",
            "CREATE EXTENSION file_fdw",
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'getpid'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE internal AS 'pg_backend_pid'",
            "ALTER SYSTEM SET work_mem = '1MB'",
            "SET session_preload_libraries = 'x'",
            "LOAD 'auto_explain'",
            "SELECT rolpassword FROM pg_authid",
            "SELECT pg_reload_conf()",
            "DROP DATABASE postgres",
        ];
        foreach (var attempt in attempts)
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
                machine.QueryAsync(spec, attempt, "shop")
            );
            // A syntax error or a missing file would be a refusal too, but would prove nothing.
            Assert.True(
                refusal.SqlState == PostgresErrorCodes.InsufficientPrivilege,
                $"{attempt}: {refusal.SqlState} {refusal.MessageText}"
            );
        }

        // What was refused above is there to be refused.
        Assert.Equal(
            2L,
            await machine.QueryAsync(
                spec,
                "SELECT count(*) FROM pg_available_extensions WHERE name IN ('dblink', 'file_fdw')"
            )
        );

        Assert.Equal(
            false,
            await machine.QueryAsync(
                spec,
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            )
        );
        await machine.QueryAsync(spec, "CREATE EXTENSION pgcrypto", "shop");
        // Who declared no database lands in this one and must be able to work there.
        await machine.QueryAsync(spec, "CREATE TABLE t (n int); CREATE SCHEMA s", "postgres");
    }

    [Fact]
    public async Task Given_a_stranger_when_he_comes_with_TLS_12_or_as_superuser_then_he_is_turned_away()
    {
        var machine = await fixture.MachineAsync();
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);

        var refused = await Assert.ThrowsAsync<AuthenticationException>(() =>
            machine.ServedCertificateAsync(SslProtocols.Tls12)
        );
        // The alert protocol_version (RFC 8446, 6.2) in OpenSSL's words: the server itself refused, not our side.
        Assert.Contains("alert protocol version", refused.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(await machine.ServedCertificateAsync(SslProtocols.Tls13));

        var superuser = spec with
        {
            Secrets = spec.Secrets with
            {
                AdminUser = "postgres",
                AdminPassword = spec.Secrets.SuperuserPassword,
            },
        };
        var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
            machine.ConnectAsync(superuser)
        );
        Assert.Equal("28000", refusal.SqlState);
    }
}
