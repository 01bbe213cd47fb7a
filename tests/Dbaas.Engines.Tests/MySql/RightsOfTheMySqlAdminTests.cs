using System.Security.Authentication;
using Dbaas.Engines.Tests.Machines;
using MySqlConnector;

namespace Dbaas.Engines.Tests.MySql;

/// <summary>What the user's account and a stranger on the network cannot do.</summary>
[Trait("Needs", "engine")]
public sealed class RightsOfTheMySqlAdminTests(MachineFixture fixture)
{
    // Refused for want of rights; another error would prove nothing.
    private static readonly HashSet<MySqlErrorCode> Denials =
    [
        MySqlErrorCode.DatabaseAccessDenied, // 1044
        MySqlErrorCode.AccessDenied, // 1045
        MySqlErrorCode.SpecifiedAccessDeniedError, // 1227
        MySqlErrorCode.TableAccessDenied, // 1142
        MySqlErrorCode.CannotUser, // 1396, what DROP USER says of accounts it must not touch
        MySqlErrorCode.OptionPreventsStatement, // 1290
        (MySqlErrorCode)1698, // GRANT PROXY of an account that is not one's own
        (MySqlErrorCode)3530, // a role that was not granted
        (MySqlErrorCode)3630, // SET PERSIST_ONLY
    ];

    /// <summary>Everything the account has on the whole server, exactly: one more must be thought about before it is given.</summary>
    private static readonly string[] Held =
    [
        "ALTER",
        "ALTER ROUTINE",
        "APPLICATION_PASSWORD_ADMIN",
        "CREATE",
        "CREATE ROLE",
        "CREATE ROUTINE",
        "CREATE TEMPORARY TABLES",
        "CREATE USER",
        "CREATE VIEW",
        "DELETE",
        "DROP",
        "DROP ROLE",
        "EVENT",
        "EXECUTE",
        "FLUSH_OPTIMIZER_COSTS",
        "FLUSH_STATUS",
        "FLUSH_TABLES",
        "FLUSH_USER_RESOURCES",
        "INDEX",
        "INSERT",
        "LOCK TABLES",
        "PROCESS",
        "REFERENCES",
        "REPLICATION CLIENT",
        "REPLICATION SLAVE",
        "ROLE_ADMIN",
        "SELECT",
        "SHOW DATABASES",
        "SHOW VIEW",
        "SHOW_ROUTINE",
        "TRIGGER",
        "UPDATE",
        "XA_RECOVER_ADMIN",
    ];

    /// <summary>Dynamic privileges that lead to more than databases of one's own.</summary>
    private static readonly string[] Dynamic =
    [
        "AUDIT_ADMIN",
        "BACKUP_ADMIN",
        "BINLOG_ADMIN",
        "BINLOG_ENCRYPTION_ADMIN",
        "CLONE_ADMIN",
        "CONNECTION_ADMIN",
        "ENCRYPTION_KEY_ADMIN",
        "GROUP_REPLICATION_ADMIN",
        "INNODB_REDO_LOG_ARCHIVE",
        "INNODB_REDO_LOG_ENABLE",
        "PASSWORDLESS_USER_ADMIN",
        "PERSIST_RO_VARIABLES_ADMIN",
        "REPLICATION_APPLIER",
        "REPLICATION_SLAVE_ADMIN",
        "RESOURCE_GROUP_ADMIN",
        "SENSITIVE_VARIABLES_OBSERVER",
        "SERVICE_CONNECTION_ADMIN",
        "SESSION_VARIABLES_ADMIN",
        "SET_ANY_DEFINER",
        "ALLOW_NONEXISTENT_DEFINER",
        "TABLE_ENCRYPTION_ADMIN",
    ];

    [Fact]
    public async Task Given_the_admin_when_it_reaches_for_more_then_the_engine_refuses()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine, [], "shop");
        Assert.True((await machine.StartAsync(spec)).Succeeded);

        string[] attempts =
        [
            "GRANT SUPER ON *.* TO dbaas_admin@'%'",
            "GRANT SYSTEM_USER ON *.* TO dbaas_admin@'%'",
            "GRANT FILE ON *.* TO dbaas_admin@'%'",
            "GRANT SHUTDOWN ON *.* TO dbaas_admin@'%'",
            "GRANT RELOAD ON *.* TO dbaas_admin@'%'",
            "GRANT SYSTEM_VARIABLES_ADMIN ON *.* TO dbaas_admin@'%'",
            "GRANT ALL ON *.* TO dbaas_admin@'%'",
            "GRANT SELECT ON mysql.* TO dbaas_admin@'%'",
            "GRANT dbaas_platform@localhost TO dbaas_admin@'%'",
            "ALTER USER dbaas_platform@localhost IDENTIFIED BY 'x'",
            "ALTER USER dbaas_replication@'%' IDENTIFIED BY 'x'",
            "ALTER USER 'mysql.sys'@localhost IDENTIFIED BY 'x' ACCOUNT UNLOCK",
            "ALTER USER 'mysql.session'@localhost IDENTIFIED BY 'x' ACCOUNT UNLOCK",
            "ALTER USER 'mysql.infoschema'@localhost IDENTIFIED BY 'x' ACCOUNT UNLOCK",
            "DROP USER dbaas_platform@localhost",
            "DROP USER dbaas_replication@'%'",
            "RENAME USER dbaas_platform@localhost TO mine@localhost",
            "SELECT authentication_string FROM mysql.user",
            "UPDATE mysql.user SET Super_priv = 'Y'",
            "INSERT INTO mysql.func VALUES ('f', 0, 'x.so', 'function')",
            "CREATE TABLE mysql.mine (n INT)",
            "CREATE TABLE sys.mine (n INT)",
            "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
            "INSTALL PLUGIN x SONAME 'x.so'",
            "INSTALL COMPONENT 'file://component_validate_password'",
            "UNINSTALL PLUGIN group_replication",
            "CREATE DEFINER = dbaas_platform@localhost PROCEDURE shop.p() SELECT 1",
            "CREATE DEFINER = 'mysql.sys'@localhost VIEW shop.v AS SELECT 1",
            "SELECT 1 INTO OUTFILE '/tmp/x'",
            "LOAD DATA INFILE '/etc/passwd' INTO TABLE shop.t",
            "SET GLOBAL max_connections = 1",
            "SET PERSIST max_connections = 1",
            "SET GLOBAL super_read_only = ON",
            "SET GLOBAL require_secure_transport = OFF",
            "SET SESSION sql_log_bin = OFF",
            "STOP GROUP_REPLICATION",
            "RESET BINARY LOGS AND GTIDS",
            "PURGE BINARY LOGS BEFORE NOW()",
            "SHUTDOWN",
            "RESTART",
            "CLONE LOCAL DATA DIRECTORY '/data/tmp/x'",
            "ALTER INSTANCE RELOAD TLS",
            "ALTER INSTANCE DISABLE INNODB REDO_LOG",
            "CREATE TABLESPACE x ADD DATAFILE '/data/tmp/x.ibd'",
            .. Dynamic.Select(privilege => $"GRANT {privilege} ON *.* TO dbaas_admin@'%'"),
            // The same by other ways: files, code in the server, settings that outlive a restart, somebody else's rights.
            "SELECT 1 INTO DUMPFILE '/data/tmp/x.so'",
            "LOAD XML INFILE '/etc/passwd' INTO TABLE shop.t",
            "INSTALL COMPONENT 'file://component_keyring_file'",
            "UNINSTALL COMPONENT 'file://component_validate_password'",
            "SET PERSIST_ONLY max_connections = 1",
            "SET GLOBAL general_log_file = '/data/tmp/x'",
            "SET GLOBAL init_connect = 'x'",
            "SET GLOBAL local_infile = ON",
            "CREATE DEFINER = dbaas_platform@localhost FUNCTION shop.f() RETURNS INT DETERMINISTIC RETURN 1",
            "CREATE DEFINER = dbaas_platform@localhost EVENT shop.e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
            "CREATE DEFINER = dbaas_platform@localhost TRIGGER shop.tr BEFORE INSERT ON shop.t FOR EACH ROW SET @x = 1",
            "GRANT PROXY ON dbaas_platform@localhost TO dbaas_admin@'%'",
            "SET ROLE dbaas_platform@localhost",
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '10.0.0.1'",
            "DROP DATABASE mysql",
            "DROP DATABASE sys",
        ];
        await machine.QueryMySqlAsync(spec, "CREATE TABLE t (n INT PRIMARY KEY)", "shop");
        foreach (var attempt in attempts)
        {
            var refusal = await Record.ExceptionAsync(() =>
                machine.QueryMySqlAsync(spec, attempt, "shop")
            );
            Assert.True(
                refusal is MySqlException failure && Denials.Contains(failure.ErrorCode),
                $"{attempt}: {(refusal as MySqlException)?.Number} {refusal?.Message ?? "was carried out"}"
            );
        }

        var held = (string)
            (
                await machine.QueryMySqlAsync(
                    spec,
                    "SELECT GROUP_CONCAT(PRIVILEGE_TYPE) FROM information_schema.user_privileges WHERE GRANTEE = \"'dbaas_admin'@'%'\""
                )
            )!;
        Assert.Equal(
            Held.Order(StringComparer.Ordinal),
            held.Split(',').Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            1L,
            await machine.QueryMySqlAsync(spec, "SELECT LOAD_FILE('/etc/passwd') IS NULL")
        );
        // What it is for still works: accounts, roles and rights on its own databases.
        await machine.QueryMySqlAsync(
            spec,
            "CREATE USER app IDENTIFIED BY 'Some long password 1'; GRANT ALL ON shop.* TO app; CREATE ROLE reader; GRANT SELECT ON shop.* TO reader; GRANT reader TO app",
            "shop"
        );
        // So does code that lives in the database, under its own name.
        await machine.QueryMySqlAsync(
            spec,
            "CREATE FUNCTION twice(n INT) RETURNS INT RETURN n * 2; CREATE TRIGGER doubled BEFORE INSERT ON t FOR EACH ROW SET NEW.n = twice(NEW.n); INSERT INTO t VALUES (21)",
            "shop"
        );
        Assert.Equal(42, await machine.QueryMySqlAsync(spec, "SELECT n FROM t", "shop"));
        // Group replication wants a primary key, and who declares none gets one that does not show.
        await machine.QueryMySqlAsync(
            spec,
            "CREATE TABLE keyless (n INT); INSERT INTO keyless VALUES (7)",
            "shop"
        );
        Assert.Equal(7, await machine.QueryMySqlAsync(spec, "SELECT * FROM keyless", "shop"));
        // What it makes cannot read the password verifiers either.
        await machine.QueryMySqlAsync(
            spec,
            "CREATE USER spy IDENTIFIED BY 'Some long password 2'; GRANT SELECT ON *.* TO spy",
            "shop"
        );
        var spy = spec with
        {
            Secrets = spec.Secrets with
            {
                AdminUser = "spy",
                AdminPassword = "Some long password 2",
            },
        };
        var blind = await Assert.ThrowsAsync<MySqlException>(() =>
            machine.QueryMySqlAsync(spy, "SELECT authentication_string FROM mysql.user")
        );
        Assert.Equal(MySqlErrorCode.TableAccessDenied, blind.ErrorCode);
    }

    [Fact]
    public async Task Given_a_stranger_when_he_comes_with_TLS_12_without_TLS_or_as_the_platform_then_he_is_turned_away()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);

        // The server answers with an error packet of its own instead of TLS; that the same bytes with TLS 1.3 show a certificate is the
        // proof that the version alone is the reason.
        await Assert.ThrowsAsync<AuthenticationException>(() =>
            machine.ServedMySqlCertificateAsync(SslProtocols.Tls12)
        );
        Assert.NotEmpty(await machine.ServedMySqlCertificateAsync(SslProtocols.Tls13));

        await using var plain = new MySqlConnection(
            new MySqlConnectionStringBuilder
            {
                Server = machine.Address,
                Port = (uint)machine.Engine.Port,
                UserID = spec.Secrets.AdminUser,
                Password = spec.Secrets.AdminPassword,
                SslMode = MySqlSslMode.Disabled,
                AllowPublicKeyRetrieval = true,
                Pooling = false,
            }.ConnectionString
        );
        await Assert.ThrowsAsync<MySqlException>(() =>
            plain.OpenAsync(TestContext.Current.CancellationToken)
        );

        foreach (var user in (string[])["dbaas_platform", "root", "mysql.session", "mysql.sys"])
        {
            var other = spec with
            {
                Secrets = spec.Secrets with
                {
                    AdminUser = user,
                    AdminPassword = spec.Secrets.SuperuserPassword,
                },
            };
            var refusal = await Assert.ThrowsAsync<MySqlException>(() =>
                machine.ConnectMySqlAsync(other)
            );
            Assert.Equal(MySqlErrorCode.AccessDenied, refusal.ErrorCode);
        }
    }

    [Fact]
    public async Task Given_a_started_member_when_its_files_and_arguments_are_read_then_no_password_stands_there()
    {
        var machine = await fixture.MachineAsync(TestEngine.MySql);
        var spec = await fixture.SpecAsync(machine);
        Assert.True((await machine.StartAsync(spec)).Succeeded);

        var secrets = (string[])[spec.Secrets.AdminPassword, spec.Secrets.ReplicationPassword];
        var pid = machine.MysqldPid();
        var places = new List<string> { $"/proc/{pid}/cmdline", $"/proc/{pid}/environ" };
        places.AddRange(Directory.EnumerateFiles($"{machine.Data}/log/mysql"));
        places.AddRange(Directory.EnumerateFiles($"{machine.Data}/mysql", "binlog.0*"));
        places.AddRange(Directory.EnumerateFiles($"{machine.Data}/conf"));
        foreach (var place in places)
        {
            var text = System.Text.Encoding.Latin1.GetString(
                await File.ReadAllBytesAsync(place, TestContext.Current.CancellationToken)
            );
            Assert.All(
                secrets,
                secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)
            );
        }
    }
}
