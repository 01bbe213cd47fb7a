using System.Text.RegularExpressions;
using Dbaas.EndToEnd.Tests.Faults.Injections;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Looks for what the platform says about a fault, from the beginning of a case on.</summary>
internal sealed class EvidenceSearch(Platform platform, Instances instances, string resource)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(75);
    private readonly DateTimeOffset since = DateTimeOffset.UtcNow;
    private readonly Dictionary<string, long> offsets = Directory
        .EnumerateFiles(Path.Combine(platform.Root, "log"), "*.log")
        .ToDictionary(file => $"log/{Path.GetFileName(file)}", file => new FileInfo(file).Length);

    /// <returns>Null when it is there.</returns>
    public async Task<string?> MissingAsync(Evidence evidence)
    {
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                    (evidence.Log is { } log ? Lines(log) : await EventsAsync()).Any(line =>
                        Regex.IsMatch(line, evidence.Pattern)
                    ),
                Deadline,
                evidence.Pattern
            );
            return null;
        }
        catch (TimeoutException)
        {
            return $"nothing in {evidence.Log ?? "the audit trail"} matches {evidence.Pattern}";
        }
    }

    private async Task<string[]> EventsAsync()
    {
        var page = await instances.ReadAsync(
            $"/v1/audit-events?limit=100&resource={resource}&since={since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"
        );
        return page["items"]!
            .AsArray()
            .Select(item => $"{(string)item!["kind"]!} {(string)item["message"]!}")
            .ToArray();
    }

    private string[] Lines(string log)
    {
        using var stream = new FileStream(
            Path.Combine(platform.Root, log),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        var from = offsets.GetValueOrDefault(log);
        stream.Seek(from <= stream.Length ? from : 0, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n');
    }
}
