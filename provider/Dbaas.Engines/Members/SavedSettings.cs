using System.Text.Json;

namespace Dbaas.Engines.Members;

/// <summary>Settings that an agent must remember beyond its own life.</summary>
/// <param name="path">On the encrypted volume.</param>
internal sealed class SavedSettings(string path)
{
    /// <summary>What was saved last, or null.</summary>
    public Dictionary<string, string>? Load() =>
        File.Exists(path)
            ? JsonSerializer.Deserialize(
                File.ReadAllText(path),
                MemberJson.Default.DictionaryStringString
            )
            : null;

    public void Save(IReadOnlyDictionary<string, string> settings) =>
        PrivateFile.Write(
            path,
            JsonSerializer.Serialize(
                new Dictionary<string, string>(settings),
                MemberJson.Default.DictionaryStringString
            )
        );
}
