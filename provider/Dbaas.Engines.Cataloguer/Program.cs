using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dbaas.Engines;

// Asks a running server for its parameters and writes engines/ENGINE/VERSION/catalogue.json; build/catalogue starts the server:
//   dotnet run --project provider/Dbaas.Engines.Cataloguer -- ENGINE FOLDER_OF_THE_SERVER OUTPUT
var patience = TimeSpan.FromSeconds(60);
var pause = TimeSpan.FromMilliseconds(100);
List<ICatalogueSource> sources =
[
    .. typeof(ICatalogueSource)
        .Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(ICatalogueSource)))
        .Select(type => (ICatalogueSource)Activator.CreateInstance(type)!),
];
if (
    args is not [var engine, var folder, var output]
    || sources.Find(candidate => candidate.Engine == engine) is not { } source
)
{
    var names = string.Join(" | ", sources.Select(known => known.Engine).Order());
    await Console.Error.WriteLineAsync($"usage: cataloguer {names} FOLDER_OF_THE_SERVER OUTPUT");
    return 2;
}

await using var connection = await ConnectAsync();
var file = await source.ReadAsync(connection, folder);
var options = new JsonSerializerOptions(CatalogueJson.Default.Options)
{
    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
};
await File.WriteAllTextAsync(
    output,
    JsonSerializer.Serialize(file, options.GetTypeInfo(typeof(CatalogueFile))) + "\n"
);
Console.WriteLine($"{file.Parameters.Count} parameters of {file.ReadFrom} written to {output}");
return 0;

async Task<DbConnection> ConnectAsync()
{
    var started = TimeProvider.System.GetTimestamp();
    while (true)
    {
        try
        {
            return await source.OpenAsync(folder);
        }
        catch (DbException) when (TimeProvider.System.GetElapsedTime(started) < patience)
        {
            await Task.Delay(pause);
        }
    }
}
