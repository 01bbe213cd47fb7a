using Dbaas.Benchmarks;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Changes;
using Dbaas.Benchmarks.Figures;
using Dbaas.Benchmarks.Loads;
using Dbaas.Benchmarks.Providers;
using Dbaas.Benchmarks.Reports;
using Dbaas.Benchmarks.Requests;
using Dbaas.Benchmarks.Scale;
using Dbaas.EndToEnd.Tests.Harness;

if (args is [BareEndpoint.Argument, .. var settings])
{
    await BareEndpoint.ServeAsync(settings);
    return 0;
}

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

// As with tests, runs beside each other on one machine set DBAAS_TEST_RUN.
var run = Environment.GetEnvironmentVariable("DBAAS_TEST_RUN");
var platform = new Platform("bench") { Root = $"/var/tmp/dbaas-bench{run}" };
var folder = $"/var/tmp/dbaas-bench-files{run}";
List<Comparison> comparisons = [];
List<string> skipped =
[
    .. BenchmarkOptions
        .Parts.Where(part => !options.Wants(part))
        .Select(part => $"{part}, because --only does not name it."),
];
List<(string Step, Series Milliseconds)> steps = [];
try
{
    await ClearAsync();
    Directory.CreateDirectory(folder);
    // Before the installation runs, which would be a load of its own.
    if (options.Wants("provider"))
    {
        comparisons.AddRange(await ProviderBenchmark.RunAsync(options.Rounds, cancellationToken));
    }

    comparisons.AddRange(await ScaleParts.RunAsync(options, folder, skipped, cancellationToken));
    await ReportAsync();
    if (options.Wants([.. InstallationParts.Names, "loads"]))
    {
        await MeasureInstallationAsync();
    }

    await ReportAsync();
    Console.WriteLine();
    Console.WriteLine(Report());

    // The report names what failed; whoever runs this in a script must hear of it too.
    return skipped.Exists(reason => reason.Contains(PartRunner.Failed, StringComparison.Ordinal))
        ? 1
        : 0;
}
finally
{
    if (Environment.GetEnvironmentVariable("DBAAS_KEEP") is null)
    {
        await platform.CleanAsync();
        await ClearAsync();
    }
}

string Report() =>
    new MarkdownReport(TimeProvider.System.GetUtcNow(), machine)
    {
        Rounds = options.Rounds,
        Comparisons = comparisons,
        Steps = steps,
        Skipped = skipped,
    }.ToString();

// After each stage: who ends a run that takes too long keeps what it has measured.
async Task ReportAsync()
{
    if (options.Report is { } file)
    {
        await File.WriteAllTextAsync(file, Report(), cancellationToken);
    }
}

// Also what a run that was killed left behind: servers first, then what they ran on.
async Task ClearAsync()
{
    if (!Directory.Exists(folder))
    {
        return;
    }

    foreach (var server in Directory.EnumerateDirectories(folder, "bare*").ToList())
    {
        await BareServer.StopAsync(server);
    }

    EncryptedFolder.Remove(LoadBenchmark.EncryptedRoot(folder));
    Directory.Delete(folder, recursive: true);
}

async Task MeasureInstallationAsync()
{
    Console.WriteLine("Starting an installation for the benchmarks ...");
    await platform.StartAfreshAsync();
    using var rest = platform.Rest();
    machine = machine with { HostNotes = await MachineFacts.NotesAsync(rest) };
    comparisons.InsertRange(
        0,
        await InstallationParts.RunAsync(
            options,
            platform,
            rest,
            folder,
            steps,
            skipped,
            cancellationToken
        )
    );
    await ReportAsync();
    if (!options.Wants("loads"))
    {
        return;
    }

    if (options.LoadRounds == 0)
    {
        skipped.Add("pgbench, because --load-rounds is 0.");
    }
    else if (Pgbench.Find() is { } pgbench)
    {
        var loads = new PartRunner(options, skipped);
        await loads.MeasureAsync(
            "loads",
            () =>
                new MySqlLoadBenchmark(platform, rest, folder).RunAsync(
                    options.LoadRounds,
                    options.LoadSeconds,
                    cancellationToken
                )
        );
        await loads.MeasureAsync(
            "loads",
            () =>
                new LoadBenchmark(rest, folder, pgbench).RunAsync(
                    options.LoadRounds,
                    options.LoadSeconds,
                    cancellationToken
                )
        );
        comparisons.AddRange(loads.Comparisons);
    }
    else
    {
        skipped.Add(
            "pgbench, because there is none below /usr/lib/postgresql (Debian: the packages postgresql-contrib or postgresql)."
        );
    }
}
