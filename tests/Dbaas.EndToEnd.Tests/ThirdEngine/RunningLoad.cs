using System.Globalization;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.ThirdEngine;

/// <summary>
/// pgbench and sysbench through the endpoints of a PostgreSQL and a MySQL instance until they are ended. Every run connects anew, so
/// that connections and sessions are tried alike.
/// </summary>
internal sealed class RunningLoad(Psql postgres, Sysbench mysql) : IDisposable
{
    private const int SecondsOfARun = 3;
    private const int Clients = 4;
    private const int Tables = 2;
    private const int Rows = 5_000;
    private readonly CancellationTokenSource end = new();
    private readonly List<string> errors = [];
    private readonly Lock noting = new();
    private Task running = Task.CompletedTask;
    private int postgresRuns;
    private int mysqlRuns;

    public string Figures =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{postgresRuns} runs of pgbench, {mysqlRuns} of sysbench, {errors.Count} errors"
        );

    public async Task StartAsync()
    {
        (await postgres.BenchAsync("-i", "-q", "-s", "1")).Succeeded();
        await mysql.FillAsync(Tables, Rows);
        running = Task.WhenAll(BenchAsync(), WriteAsync());
    }

    /// <summary>Ends the load once each engine has done two more whole runs, and returns what went wrong.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        var (benched, written) = (postgresRuns, mysqlRuns);
        await Eventually.HoldsAsync(
            () => Task.FromResult(postgresRuns >= benched + 2 && mysqlRuns >= written + 2),
            TimeSpan.FromMinutes(2),
            "both loads go on"
        );
        await end.CancelAsync();
        await running;
        return errors;
    }

    /// <summary>Lets the runs under way finish, so that none outlives its client's files.</summary>
    public void Dispose()
    {
        end.Cancel();
        running.ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromMinutes(1));
        end.Dispose();
    }

    private async Task BenchAsync()
    {
        while (!end.IsCancellationRequested)
        {
            var run = await postgres.BenchAsync(
                "-c",
                Clients.ToString(CultureInfo.InvariantCulture),
                "-n",
                "-T",
                SecondsOfARun.ToString(CultureInfo.InvariantCulture)
            );
            // It goes on after a failed transaction, and says how many there were.
            if (
                run.ExitCode != 0
                || !run.Output.Contains("failed transactions: 0 ", StringComparison.Ordinal)
            )
            {
                Note($"pgbench: {run.Output} {run.Error}");
            }

            postgresRuns++;
        }
    }

    private async Task WriteAsync()
    {
        while (!end.IsCancellationRequested)
        {
            var run = await mysql.LoadAsync(
                "oltp_read_write",
                Tables,
                Rows,
                Clients,
                SecondsOfARun
            );
            if (run.ExitCode != 0)
            {
                Note($"sysbench: {run.Output} {run.Error}");
            }

            mysqlRuns++;
        }
    }

    private void Note(string error)
    {
        lock (noting)
        {
            errors.Add(error);
        }
    }
}
