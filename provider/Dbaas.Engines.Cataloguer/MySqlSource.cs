using System.Data.Common;
using System.Globalization;
using Dbaas.Engines;
using MySqlConnector;

/// <summary>
/// Reads <c>performance_schema.variables_metadata</c>, which knows type and range. Whether a variable can be changed without a restart,
/// and the words of enumerations, the server tells only when one tries: each is set to its own value, each enumeration to its numbers.
/// </summary>
internal sealed class MySqlSource : ICatalogueSource
{
    private const int ReadOnlyVariable = 1238;

    public string Engine => "mysql";

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

    /// <inheritdoc/>
    /// <remarks>
    /// <c>help.txt</c> is what <c>mysqld --no-defaults --plugin-load-add=group_replication.so --verbose --help</c> says: what can be set
    /// at all, and the defaults.
    /// </remarks>
    public async Task<CatalogueFile> ReadAsync(DbConnection session, string folder)
    {
        var connection = (MySqlConnection)session;
        var defaults = Defaults(await File.ReadAllLinesAsync($"{folder}/help.txt"));
        // The one variable whose option has another name.
        if (defaults.ContainsKey("default_time_zone"))
        {
            defaults["time_zone"] = "SYSTEM";
        }

        List<CatalogueEntry> parameters = [];
        foreach (var entry in await MetadataAsync(connection))
        {
            var settable = defaults.TryGetValue(entry.Name, out var value);
            var dynamic = settable && await IsDynamicAsync(connection, entry.Name);
            IReadOnlyList<string> values = !dynamic
                ? []
                : entry.Type switch
                {
                    "enum" or "string" => await EnumerationAsync(connection, entry.Name),
                    "set" => await MembersAsync(connection, entry.Name),
                    _ => [],
                };
            parameters.Add(
                entry with
                {
                    // Plug-ins report their enumerations as texts.
                    Type = entry.Type == "string" && values.Count > 0 ? "enum" : entry.Type,
                    Values = values,
                    Default = Spell(entry.Type, value ?? ""),
                    Context =
                        !settable ? "internal"
                        : dynamic ? "dynamic"
                        : "static",
                }
            );
        }

        var version = connection.ServerVersion.Split('-')[0];
        return new CatalogueFile
        {
            Engine = "mysql",
            Version = string.Join('.', version.Split('.').Take(2)),
            ReadFrom = version,
            Parameters = parameters,
        };
    }

    private static async Task<List<CatalogueEntry>> MetadataAsync(MySqlConnection connection)
    {
        // What exists in sessions only cannot be given to a server.
        await using var command = new MySqlCommand(
            """
            SELECT variable_name, data_type, COALESCE(min_value, ''), COALESCE(max_value, ''), documentation
              FROM performance_schema.variables_metadata
             WHERE variable_scope <> 'SESSION_ONLY'
             ORDER BY CAST(variable_name AS BINARY)
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync();
        List<CatalogueEntry> entries = [];
        while (await reader.ReadAsync())
        {
            var type = reader.GetString(1) switch
            {
                "Boolean" => "bool",
                "Integer" => "integer",
                "Numeric" => "real",
                "Enumeration" => "enum",
                "Set" => "set",
                _ => "string",
            };
            entries.Add(
                new CatalogueEntry
                {
                    Name = reader.GetString(0),
                    Type = type,
                    Minimum = Bound(type, reader.GetString(2)),
                    Maximum = Bound(type, reader.GetString(3)),
                    Context = "",
                    Description = reader.GetString(4).Trim(),
                }
            );
        }

        return entries;
    }

    // Bounds of fractions are shown as the bits of the number (9.7); no real bound is that large a whole number.
    private static string Bound(string type, string text) =>
        type == "real"
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
        && bits > 1_000_000_000_000_000
            ? BitConverter
                .Int64BitsToDouble(bits)
                .ToString("0.######", CultureInfo.InvariantCulture)
        : type is "integer" or "real" ? text
        : "";

    // The table at the end of the help: name with dashes, blanks, value.
    private static Dictionary<string, string> Defaults(string[] help) =>
        help.SkipWhile(line => !line.StartsWith("-----", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(' ', 2))
            .ToDictionary(
                parts => parts[0].Replace('-', '_'),
                parts =>
                    parts.Length < 2 || parts[1].Trim() == "(No default value)"
                        ? ""
                        : parts[1].Trim(),
                StringComparer.Ordinal
            );

    private static string Spell(string type, string value) =>
        type == "bool"
            ? value switch
            {
                "TRUE" => "ON",
                "FALSE" => "OFF",
                _ => value,
            }
            : value;

    private static async Task<bool> IsDynamicAsync(MySqlConnection connection, string name)
    {
        try
        {
            await RunAsync(connection, $"SET GLOBAL `{name}` = @@GLOBAL.`{name}`");
            return true;
        }
        catch (MySqlException failure)
        {
            // Any other refusal means that there is something to set.
            return failure.Number != ReadOnlyVariable;
        }
    }

    private static async Task<IReadOnlyList<string>> EnumerationAsync(
        MySqlConnection connection,
        string name
    )
    {
        List<string> values = [];
        var before = await ShowAsync(connection, name);
        for (var number = 0; number < 64; number++)
        {
            try
            {
                await RunAsync(
                    connection,
                    string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL `{name}` = {number}")
                );
            }
            catch (MySqlException)
            {
                break;
            }

            values.Add(await ShowAsync(connection, name));
        }

        if (values.Count > 0)
        {
            await RunAsync(connection, $"SET GLOBAL `{name}` = '{before}'");
        }

        return values;
    }

    private static async Task<IReadOnlyList<string>> MembersAsync(
        MySqlConnection connection,
        string name
    )
    {
        var before = await ShowAsync(connection, name);
        // A flag set (optimizer_switch) shows all its flags at any time, and its values are no plain words.
        if (before.Contains('=', StringComparison.Ordinal))
        {
            return [];
        }

        List<string> members = [];
        for (var bit = 0; bit < 63; bit++)
        {
            try
            {
                await RunAsync(
                    connection,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"SET GLOBAL `{name}` = {1L << bit}"
                    )
                );
                var shown = await ShowAsync(connection, name);
                // Some stand for several others, which are shown with them.
                members.AddRange(
                    shown
                        .Split(',', StringSplitOptions.RemoveEmptyEntries)
                        .Where(word => !members.Contains(word))
                );
            }
            catch (MySqlException)
            {
                // A gap: a mode that was removed keeps its number.
            }
        }

        await RunAsync(connection, $"SET GLOBAL `{name}` = '{before}'");
        return members;
    }

    private static async Task<string> ShowAsync(MySqlConnection connection, string name)
    {
        await using var command = new MySqlCommand($"SELECT @@GLOBAL.`{name}`", connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)
            ?? "";
    }

    private static async Task RunAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
