using System.Text.Json;

namespace Dbaas.EndToEnd.Tests.Harness.Simulated;

/// <summary>The control service's own log, a line of JSON for each thing it did.</summary>
internal sealed class ServiceLog(string file)
{
    /// <summary>Where it ends now; what follows is counted from here.</summary>
    public long End => new FileInfo(file).Length;

    /// <summary>Requests answered since a place in the log, by method and route.</summary>
    public async Task<IReadOnlyList<string>> RequestsSinceAsync(
        long from,
        CancellationToken cancellationToken
    )
    {
        // The service writes a line after it has answered.
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        return
        [
            .. LinesSince(from)
                .Where(line => line.TryGetProperty("Route", out _))
                .Select(line => $"{line.GetProperty("Method")} {line.GetProperty("Route")}"),
        ];
    }

    /// <summary>How long the reconciler's turns took, with what they looked at.</summary>
    public IReadOnlyList<(int Instances, double Milliseconds)> TurnsSince(long from) =>
        [
            .. LinesSince(from)
                .Where(line => line.TryGetProperty("Instances", out _))
                .Select(line =>
                    (
                        line.GetProperty("Instances").GetInt32(),
                        line.GetProperty("Milliseconds").GetDouble()
                    )
                ),
        ];

    private List<JsonElement> LinesSince(long from)
    {
        using var stream = new FileStream(
            file,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        );
        stream.Position = from;
        using var reader = new StreamReader(stream);
        List<JsonElement> lines = [];
        while (reader.ReadLine() is { } text)
        {
            // The last line may still be being written, and what the runtime itself complains of is no JSON.
            if (text.StartsWith('{') && text.EndsWith('}'))
            {
                using var document = JsonDocument.Parse(text);
                lines.Add(document.RootElement.Clone());
            }
        }

        return lines;
    }
}
