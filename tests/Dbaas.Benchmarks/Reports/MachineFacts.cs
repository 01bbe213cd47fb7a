using System.Globalization;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Reports;

/// <summary>What the figures depend on.</summary>
internal sealed record MachineFacts
{
    public required int Cores { get; init; }
    public required double MemoryGib { get; init; }
    public required string Kernel { get; init; }

    /// <summary>Runnable processes over the last minute, before anything of this run started.</summary>
    public required double LoadBefore { get; init; }

    /// <summary>What the platform's host says it cannot do as well as others, in its words; the AES remark is one of them.</summary>
    public IReadOnlyList<string> HostNotes { get; init; } = [];

    public static MachineFacts Read() =>
        new()
        {
            Cores = Environment.ProcessorCount,
            MemoryGib =
                double.Parse(
                    File.ReadLines("/proc/meminfo")
                        .First() // MemTotal: n kB
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture
                ) / (1 << 20),
            Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            LoadBefore = double.Parse(
                File.ReadAllText("/proc/loadavg").Split(' ')[0],
                CultureInfo.InvariantCulture
            ),
        };

    public static async Task<IReadOnlyList<string>> NotesAsync(RestClient rest) =>
        [
            .. (await rest.GetAsync("/v1/hosts"))["items"]!
                .AsArray()
                .SelectMany(host => host!["notes"]!.AsArray())
                .Select(note => (string)note!)
                .Distinct(),
        ];
}
