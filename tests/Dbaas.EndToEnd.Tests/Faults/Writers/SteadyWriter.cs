using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Faults.Writers;

/// <summary>
/// Inserts (sequence, time) every 20 ms through the endpoint, connects again whenever the connection breaks, and remembers what the
/// database acknowledged, what it left open, and when.
/// </summary>
internal sealed class SteadyWriter(WriterConnections connections, string table) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromSeconds(60);
    private readonly Lock gate = new();
    private readonly List<long> acknowledged = [];
    private readonly HashSet<long> unknown = [];
    private readonly List<long> moments = [];
    private readonly CancellationTokenSource stop = new();
    private Task writing = Task.CompletedTask;
    private long next;

    /// <summary>What the last attempt failed with; for reports.</summary>
    public string LastFailure { get; private set; } = "";

    public int Acknowledged
    {
        get
        {
            lock (gate)
            {
                return acknowledged.Count;
            }
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await connections.OpenAsync(cancellationToken))
        {
            await ExecuteAsync(
                connection,
                $"create table {table} (n bigint primary key, written varchar(40))",
                cancellationToken
            );
        }

        writing = Task.Run(() => WriteAsync(stop.Token), CancellationToken.None);
    }

    /// <summary>The longest time without an acknowledged write since a moment, as <see cref="Stopwatch.GetTimestamp"/> counts.</summary>
    public TimeSpan LongestGap(long since)
    {
        lock (gate)
        {
            var last = moments.LastOrDefault(moment => moment < since, since);
            var longest = TimeSpan.Zero;
            foreach (var moment in moments.Where(moment => moment >= since))
            {
                longest = Longer(longest, last, moment);
                last = moment;
            }

            return Longer(longest, last, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Waits until a write that began after a moment is acknowledged.</summary>
    public async Task<bool> WritesAgainAsync(long since, TimeSpan deadline)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < deadline)
        {
            lock (gate)
            {
                // Two: the first may have been sent before.
                if (moments.Count > 1 && moments[^2] > since)
                {
                    return true;
                }
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        return false;
    }

    /// <summary>Ends the writing and compares what was acknowledged with what is there; one line for each difference.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await stop.CancelAsync();
        await writing;
        var present = await PresentAsync();
        List<string> wrong = [];
        var lost = acknowledged.Except(present).ToList();
        if (lost.Count > 0)
        {
            wrong.Add(Say($"{lost.Count} acknowledged rows are lost, the first is {lost[0]}"));
        }

        var invented = present.Except(acknowledged).Except(unknown).ToList();
        if (invented.Count > 0)
        {
            wrong.Add(Say($"{invented.Count} rows were never sent, the first is {invented[0]}"));
        }

        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await writing;
        stop.Dispose();
    }

    private async Task<HashSet<long>> PresentAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = await connections.OpenAsync(CancellationToken.None);
                await using var command = connection.CreateCommand();
                command.CommandText = $"select n from {table}";
                await using var reader = await command.ExecuteReaderAsync();
                var rows = new HashSet<long>();
                while (await reader.ReadAsync())
                {
                    rows.Add(reader.GetInt64(0));
                }

                return rows;
            }
            catch (Exception failure) when (IsBreak(failure) && watch.Elapsed < CheckDeadline)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        DbConnection? connection = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var number = ++next;
                var sent = false;
                try
                {
                    connection ??= await connections.OpenAsync(cancellationToken);
                    lock (gate)
                    {
                        unknown.Add(number);
                    }

                    sent = true;
                    await ExecuteAsync(
                        connection,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"insert into {table} values ({number}, '{DateTimeOffset.UtcNow:O}')"
                        ),
                        CancellationToken.None
                    );
                    lock (gate)
                    {
                        unknown.Remove(number);
                        acknowledged.Add(number);
                        moments.Add(Stopwatch.GetTimestamp());
                    }
                }
                catch (Exception failure) when (IsBreak(failure))
                {
                    LastFailure = failure.Message;
                    if (
                        sent
                        && failure is DbException { SqlState: { Length: 5 } state }
                        && IsRefusal(state)
                    )
                    {
                        // The server said no, so the row is not there; the session goes on.
                        lock (gate)
                        {
                            unknown.Remove(number);
                        }
                    }
                    else if (connection is not null)
                    {
                        await connection.DisposeAsync();
                        connection = null;
                    }
                }

                await Task.Delay(Pause, CancellationToken.None);
            }
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    // Read-only transaction in PostgreSQL; MySQL has its own numbers under HY000, and such a row stays unknown.
    private static bool IsRefusal(string state) => state == "25006";

    private static bool IsBreak(Exception failure) =>
        failure
            is DbException
                or IOException
                or TimeoutException
                or OperationCanceledException
                or InvalidOperationException
                or System.Net.Sockets.SocketException;

    private static async Task ExecuteAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static TimeSpan Longer(TimeSpan longest, long from, long to)
    {
        var gap = Stopwatch.GetElapsedTime(from, to);
        return gap > longest ? gap : longest;
    }

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
