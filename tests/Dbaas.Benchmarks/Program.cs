using Dbaas.Benchmarks;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.Benchmarks.Loads;
using Dbaas.Benchmarks.Providers;
using Dbaas.Benchmarks.Reports;
using Dbaas.EndToEnd.Tests.Harness;

BenchmarkOptions options;
try
{
    options = BenchmarkOptions.Parse(args);
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // Ends by the way everything else ends: with the installation removed.
    pressed.Cancel = true;
    stopping.Cancel();
};
var cancellationToken = stopping.Token;
var machine = MachineFacts.Read();
var platform = new Platform("bench") { Root = "/var/tmp/dbaas-bench" };
const string folder = "/var/tmp/dbaas-bench-files";
List<Comparison> comparisons = [];
List<string> skipped = [];
try
{
    await BareServer.StopAsync(Path.Combine(folder, "bare"));
    Directory.CreateDirectory(folder);
    // Before the installation runs, which would be a load of its own.
    comparisons.AddRange(await ProviderBenchmark.RunAsync(options.Rounds, cancellationToken));

    Console.WriteLine("Starting an installation for the benchmarks ...");
    await platform.StartAfreshAsync();
    using var rest = platform.Rest();
    machine = machine with { HostNotes = await MachineFacts.NotesAsync(rest) };
    var creates = new CreateBenchmark(rest, folder);
    comparisons.InsertRange(0, await creates.RunAsync(options.Rounds, cancellationToken));

    if (options.LoadRounds == 0)
    {
        skipped.Add("pgbench, because --load-rounds is 0.");
    }
    else if (Pgbench.Find() is { } pgbench)
    {
        comparisons.AddRange(
            await new LoadBenchmark(rest, folder, pgbench).RunAsync(
                options.LoadRounds,
                options.LoadSeconds,
                cancellationToken
            )
        );
    }
    else
    {
        skipped.Add(
            "pgbench, because there is none below /usr/lib/postgresql (Debian: the packages postgresql-contrib or postgresql)."
        );
    }

    var report = new MarkdownReport(TimeProvider.System.GetUtcNow(), machine)
    {
        Rounds = options.Rounds,
        Comparisons = comparisons,
        Steps = creates.Steps,
        Skipped = skipped,
    }.ToString();
    Console.WriteLine();
    Console.WriteLine(report);
    if (options.Report is { } file)
    {
        await File.WriteAllTextAsync(file, report, cancellationToken);
    }

    return 0;
}
finally
{
    if (Environment.GetEnvironmentVariable("DBAAS_KEEP") is null)
    {
        await platform.CleanAsync();
        await BareServer.StopAsync(Path.Combine(folder, "bare"));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
