using System.Globalization;
using Dbaas.Host.Containers;

namespace Dbaas.Host.Metadata;

/// <summary>The container of the metadata PostgreSQL: a Unix socket, peer authentication, nothing on the network. Pure.</summary>
internal static class MetadataContainer
{
    public const string Name = "metadata";
    private const string Settings = "/etc/metadata";
    private const string Control = "dbaas-control";

    /// <summary>
    /// Initialises into a folder beside and renames it when it is whole: a kill in the middle starts over. The roles are made in
    /// single-user mode, so there is no moment in which somebody could connect to a half-made database.
    /// </summary>
    private const string Script = """
        set -eu
        bin=$(echo /usr/lib/postgresql/*/bin)
        if [ ! -e /data/pg ]; then
          rm -rf /data/new
          "$bin/initdb" --pgdata=/data/new --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
            --locale-provider=builtin --builtin-locale=C.UTF-8 --data-checksums \
            --auth-local=peer --auth-host=reject --no-instructions
          "$bin/postgres" --single -D /data/new postgres < /etc/metadata/roles.sql
          sync -f /data/new
          mv /data/new /data/pg
        fi
        exec "$bin/postgres" -c config_file=/etc/metadata/postgresql.conf
        """;

    /// <summary>One statement a line, as single-user mode wants it.</summary>
    private const string Roles = """
        CREATE ROLE dbaas_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
        CREATE ROLE dbaas_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
        CREATE ROLE dbaas_platform LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
        CREATE DATABASE dbaas OWNER dbaas_owner;
        REVOKE CONNECT ON DATABASE dbaas FROM PUBLIC;
        GRANT CONNECT ON DATABASE dbaas TO dbaas_app, dbaas_platform;

        """;

    /// <summary>Small: the control service keeps a few hundred rows per database. Durable: it is the truth.</summary>
    private const string Configuration = """
        data_directory = '/data/pg'
        hba_file = '/etc/metadata/pg_hba.conf'
        ident_file = '/etc/metadata/pg_ident.conf'
        listen_addresses = ''
        unix_socket_directories = '/run/metadata'
        shared_buffers = 64MB
        max_connections = 100
        max_wal_size = 512MB
        min_wal_size = 32MB
        wal_level = replica
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_line_prefix = '%m [%p] %u '
        log_checkpoints = off

        """;

    public static ContainerSpec Describe(MetadataSettings settings, string rootFolder)
    {
        var control = settings.ControlUid.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            Name = Name,
            RootFolder = rootFolder,
            Command = ["/bin/sh", "-c", Script],
            HostUid = settings.Uid,
            // Peer authentication compares uids as the kernel tells them; a user namespace would translate them to nobody.
            UserNamespace = false,
            HostName = Name,
            Mounts = [new(settings.Data, "/data"), new(settings.Run, "/run/metadata")],
            Files = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["/etc/passwd"] =
                    File.ReadAllText(rootFolder + "/etc/passwd")
                    + $"{Control}:x:{control}:{control}:control service:/:/usr/sbin/nologin\n",
                [$"{Settings}/postgresql.conf"] = Configuration,
                [$"{Settings}/roles.sql"] = Roles,
                [$"{Settings}/pg_hba.conf"] = "local all all peer map=metadata\n",
                [$"{Settings}/pg_ident.conf"] = $"""
                    metadata {Control} dbaas_owner
                    metadata {Control} dbaas_app
                    metadata {Control} dbaas_platform
                    metadata dbaas postgres

                    """,
            },
            MaxProcesses = 512,
        };
    }
}
