using System.Globalization;
using System.Text;
using Dbaas.EndToEnd.Tests.Faults.Injections;

namespace Dbaas.EndToEnd.Tests.Faults.Reports;

/// <summary>Renders what a run showed. What people wrote below the heading of the findings is kept.</summary>
internal static class FaultReport
{
    private const string Findings = "## Findings";

    public static void Write(
        string file,
        int seed,
        TimeSpan took,
        IReadOnlyList<CaseResult> results
    )
    {
        var kept = File.Exists(file) ? File.ReadAllText(file) : "";
        var at = kept.IndexOf(Findings, StringComparison.Ordinal);
        File.WriteAllText(
            file,
            Render(seed, took, results) + (at < 0 ? $"{Findings}\n" : kept[at..])
        );
    }

    private static string Render(int seed, TimeSpan took, IReadOnlyList<CaseResult> results)
    {
        var text = new StringBuilder();
        var failed = results.Count(result => result.Failures.Count > 0);
        Line(text, $"# Faults\n");
        Line(
            text,
            $"Written by `make faults SEED={seed}`: {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {results.Count} cases in {took.TotalMinutes:0} minutes, {failed} of them with failures, {results.Sum(result => result.Acknowledged)} acknowledged rows."
        );
        text.Append(
            """

            After every case: no acknowledged row is missing and no row is there that was never sent (a writer inserts a row every 20 ms through the
            endpoint), the databases beside it kept their engines running and their writers writing, no host has an orphan, and the platform says
            somewhere readable what happened. A case without a failure held all of that. The seconds are judged apart: they are goals for a quiet
            machine, and a run on a busy one shows how far it was from them. Only a write gap of more than ten times its goal fails a case.

            | # | fault | engine | cases | what was measured | p50 s | p95 s | worst s | pass line s | held |
            |---|---|---|---|---|---|---|---|---|---|

            """
        );
        var rows = results
            .Where(result => !result.Case.IsPair)
            .SelectMany(result =>
                result.Measures.Select(measure => (result, fault: result.Case.Faults[0], measure))
            )
            .GroupBy(row =>
                (row.fault.Row, Kind: Kind(row.fault), row.result.Case.Engine, row.measure.What)
            )
            .OrderBy(group => group.Key.Row)
            .ThenBy(group => group.Key.Engine, StringComparer.Ordinal);
        foreach (var group in rows)
        {
            var seconds = group.Select(row => row.measure.Seconds).Order().ToList();
            var limit = group.First().measure.LimitSeconds;
            Line(
                text,
                $"| {group.Key.Row} | {group.Key.Kind} | {group.Key.Engine} | {seconds.Count} | {group.Key.What} | {At(seconds, 0.5)} | {At(seconds, 0.95)} | {seconds[^1]} | {(limit > 0 ? limit : "–")} | {(limit == 0 || At(seconds, 0.95) <= limit ? "yes" : "**no**")} |"
            );
        }

        Line(
            text,
            $"\n## Cases\n\n| case | engine | faults | write gap s | beside s | seconds | result |\n|---|---|---|---|---|---|---|"
        );
        foreach (var result in results)
        {
            var gap = result.Measures.FirstOrDefault(measure => measure.What == WriteGap)?.Seconds;
            Line(
                text,
                $"| {result.Case.Number} | {result.Case.Engine} | {string.Join(" + ", result.Case.Faults.Select(fault => fault.Name))} | {gap} | {result.BystanderGap.TotalSeconds:0.00} | {result.Took.TotalSeconds:0} | {(result.Failures.Count == 0 ? "held" : Cell(string.Join("; ", result.Failures)))} |"
            );
        }

        text.Append('\n');
        return text.ToString();
    }

    public const string WriteGap = "write gap";

    // Variants of one fault are one row: their step is in the list of cases.
    private static string Kind(Fault fault) => fault.Name.Split(" after ")[0].Split('/')[0];

    private static double At(List<double> sorted, double share) =>
        sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];

    private static string Cell(string text) =>
        (text.Length > 300 ? text[..300] + "…" : text)
            .Replace("|", "/", StringComparison.Ordinal)
            .Replace("\n", " ", StringComparison.Ordinal);

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
