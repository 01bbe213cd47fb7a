using System.Text.Encodings.Web;
using System.Text.Json;
using Dbaas.Engines;
using Npgsql;

// Reads pg_settings from a running server and writes engines/postgresql/MAJOR/catalogue.json. Start the server with the libraries
// the platform preloads, so that their settings are seen as well:
//   dotnet run --project provider/Dbaas.Engines.Cataloguer -- HOST_OR_SOCKET_FOLDER PORT USER OUTPUT
if (args is not [var host, var port, var user, var output])
{
    await Console.Error.WriteLineAsync("usage: cataloguer HOST_OR_SOCKET_FOLDER PORT USER OUTPUT");
    return 2;
}

await using var dataSource = new NpgsqlSlimDataSourceBuilder(
    new NpgsqlConnectionStringBuilder
    {
        Host = host,
        Port = int.Parse(port, System.Globalization.CultureInfo.InvariantCulture),
        Username = user,
        Database = "postgres",
    }.ConnectionString
).EnableArrays().Build();

await using var command = dataSource.CreateCommand(
    """
    SELECT name, vartype, coalesce(unit, ''), coalesce(min_val, ''), coalesce(max_val, ''),
           coalesce(enumvals, '{}'), coalesce(boot_val, ''), context, short_desc, current_setting('server_version')
      FROM pg_settings ORDER BY name COLLATE "C"
    """
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

var file = new CatalogueFile
{
    Engine = "postgresql",
    Version = version.Split('.', ' ')[0],
    ReadFrom = version.Split(' ')[0],
    Parameters = parameters,
};
var options = new JsonSerializerOptions(CatalogueJson.Default.Options)
{
    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
};
await File.WriteAllTextAsync(
    output,
    JsonSerializer.Serialize(file, options.GetTypeInfo(typeof(CatalogueFile))) + "\n"
);
Console.WriteLine($"{parameters.Count} parameters of {file.ReadFrom} written to {output}");
return 0;
