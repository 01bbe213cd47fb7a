using System.Data.Common;
using Dbaas.Engines;
using MySqlConnector;

/// <summary>Reads <c>information_schema.system_variables</c>, in which MariaDB says all that a catalogue holds.</summary>
internal sealed class MariaDbSource : ICatalogueSource
{
    public string Engine => "mariadb";

    public async Task<DbConnection> OpenAsync(string folder)
    {
        var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder
            {
                Server = $"{folder}/server.sock",
                ConnectionProtocol = MySqlConnectionProtocol.UnixSocket,
                UserID = "root",
                SslMode = MySqlSslMode.Disabled,
            }.ConnectionString
        );
        await connection.OpenAsync();
        return connection;
    }

    public async Task<CatalogueFile> ReadAsync(DbConnection session, string folder)
    {
        await using var command = session.CreateCommand();
        command.CommandText = """
            SELECT LOWER(variable_name), variable_type, COALESCE(numeric_min_value, ''), COALESCE(numeric_max_value, ''),
                   COALESCE(enum_value_list, ''), COALESCE(default_value, ''), read_only, command_line_argument IS NULL,
                   variable_comment, VERSION()
              FROM information_schema.system_variables
             WHERE variable_scope IN ('GLOBAL', 'SESSION')
             ORDER BY BINARY LOWER(variable_name)
            """;
        await using var reader = await command.ExecuteReaderAsync();
        List<CatalogueEntry> parameters = [];
        var version = "";
        while (await reader.ReadAsync())
        {
            version = reader.GetString(9).Split('-')[0];
            var type = reader.GetString(1) switch
            {
                "BOOLEAN" => "bool",
                "ENUM" => "enum",
                "SET" or "FLAGSET" => "set",
                "DOUBLE" => "real",
                "VARCHAR" => "string",
                _ => "integer",
            };
            parameters.Add(
                new CatalogueEntry
                {
                    Name = reader.GetString(0),
                    Type = type,
                    Minimum = type is "integer" or "real" ? reader.GetString(2) : "",
                    Maximum = type is "integer" or "real" ? reader.GetString(3) : "",
                    Values =
                        type is "enum" && reader.GetString(4).Length > 0
                            ? reader.GetString(4).Split(',')
                            : [],
                    Default = reader.GetString(5),
                    // What no option sets shows something about the server.
                    Context =
                        reader.GetInt64(7) == 1 ? "internal"
                        : reader.GetString(6) == "YES" ? "static"
                        : "dynamic",
                    Description = reader.GetString(8),
                }
            );
        }

        return new CatalogueFile
        {
            Engine = "mariadb",
            Version = string.Join('.', version.Split('.').Take(2)),
            ReadFrom = version,
            Parameters = parameters,
        };
    }
}
