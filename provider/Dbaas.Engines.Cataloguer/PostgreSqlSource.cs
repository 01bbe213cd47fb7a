using System.Data.Common;
using Dbaas.Engines;
using Npgsql;

/// <summary>Reads <c>pg_settings</c> of a server that loaded the libraries the platform preloads, so that their settings are seen as well.</summary>
internal sealed class PostgreSqlSource : ICatalogueSource
{
    public string Engine => "postgresql";

    public async Task<DbConnection> OpenAsync(string folder)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = folder,
                Username = "postgres",
                Database = "postgres",
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync();
        return connection;
    }

    public async Task<CatalogueFile> ReadAsync(DbConnection session, string folder)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT name, vartype, coalesce(unit, ''), coalesce(min_val, ''), coalesce(max_val, ''),
                   coalesce(enumvals, '{}'), coalesce(boot_val, ''), context, short_desc, current_setting('server_version')
              FROM pg_settings ORDER BY name COLLATE "C"
            """,
            (NpgsqlConnection)session
        );
        await using var reader = await command.ExecuteReaderAsync();
        var parameters = new List<CatalogueEntry>();
        var version = "";
        while (await reader.ReadAsync())
        {
            version = reader.GetString(9);
            parameters.Add(
                new CatalogueEntry
                {
                    Name = reader.GetString(0),
                    Type = reader.GetString(1),
                    Unit = reader.GetString(2),
                    Minimum = reader.GetString(3),
                    Maximum = reader.GetString(4),
                    Values = reader.GetFieldValue<string[]>(5),
                    Default = reader.GetString(6),
                    Context = reader.GetString(7),
                    Description = reader.GetString(8),
                }
            );
        }

        return new CatalogueFile
        {
            Engine = "postgresql",
            Version = version.Split('.', ' ')[0],
            ReadFrom = version.Split(' ')[0],
            Parameters = parameters,
        };
    }
}
