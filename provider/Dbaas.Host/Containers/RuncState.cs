using System.Text.Json;

namespace Dbaas.Host.Containers;

/// <summary>Reads the answer of <c>runc state</c>.</summary>
internal static class RuncState
{
    public static ContainerStatus Parse(string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(
            name,
            root.GetProperty("status").GetString()!,
            root.GetProperty("pid").GetInt32(),
            root.GetProperty("created").GetString() ?? ""
        );
    }
}
