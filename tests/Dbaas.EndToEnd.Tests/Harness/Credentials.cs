using System.Globalization;
using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>What <c>dbaas credentials NAME -o json</c> answers.</summary>
public sealed record Credentials(
    string Host,
    int Port,
    string Username,
    string Password,
    string Database,
    string Ca
)
{
    public static async Task<Credentials> FetchAsync(Platform platform, string name)
    {
        var answer = JsonNode.Parse(
            (await platform.CliAsync("credentials", name, "-o", "json")).Succeeded().Output
        )!;
        return new(
            (string)answer["host"]!,
            answer["port"]!.GetValue<int>(),
            (string)answer["username"]!,
            (string)answer["password"]!,
            (string)answer["database"]!,
            (string)answer["ca"]!
        );
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Username}@{Host}:{Port}/{Database}");
}
