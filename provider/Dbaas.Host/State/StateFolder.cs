using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Host.Native;

namespace Dbaas.Host.State;

/// <summary>
/// Records of one kind, a JSON file each. A record is on disk (fsync of file and folder) before <see cref="Save"/> returns, and a
/// reader sees the old one or the new one, never half of one.
/// </summary>
internal sealed class StateFolder<T>(string folder, JsonTypeInfo<T> json)
    where T : class
{
    /// <exception cref="HostRefusal">The id is none.</exception>
    public T? Load(string id)
    {
        var path = PathOf(id);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), json) : null;
    }

    public void Save(string id, T record)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(id);
        DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(record, json));
    }

    public void Remove(string id)
    {
        // Deleting in a folder that does not exist yet is an error, unlike deleting a file that does not.
        if (Directory.Exists(folder))
        {
            File.Delete(PathOf(id));
        }
    }

    public IReadOnlyList<T> List() =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.json")
                    .Order(StringComparer.Ordinal)
                    .Select(path => Load(Path.GetFileNameWithoutExtension(path)))
                    .OfType<T>(),
            ]
            : [];

    private string PathOf(string id) => Path.Combine(folder, ObjectId.Check(id) + ".json");
}
