using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MariaDb.Member;

/// <summary>Starts and stops the server of one data directory. One caller at a time.</summary>
internal sealed class MariaDbServer(MariaDbPaths paths, MariaDbFiles files, TimeProvider time)
    : IMemberServer
{
    private static readonly TimeSpan s_ready = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    public WatchedProcess? Process { get; private set; }

    public bool Runs => Process is { HasExited: false };

    /// <summary>Takes back a server that runs already; false when none does.</summary>
    public async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        Process = Find().Select(WatchedProcess.Attach).FirstOrDefault(found => found is not null);
        if (Process is null)
        {
            return false;
        }

        await WaitUntilReadyAsync(Process, cancellationToken);
        return true;
    }

    public async Task StartAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        PhaseClock clock,
        CancellationToken cancellationToken
    )
    {
        files.Write(spec, settings);
        File.Delete(paths.Socket);
        File.Delete(paths.PidFile);
        var pid = new ProcessStart
        {
            Program = MariaDbPaths.Program,
            Arguments = [$"--defaults-file={paths.OptionFile}"],
            OutputFile = paths.StartLog,
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/bin:/bin",
                ["LC_ALL"] = "C.UTF-8",
                ["HOME"] = paths.TemporaryFolder,
                ["TZ"] = "UTC",
            },
        }.Start();
        Process =
            WatchedProcess.Attach(pid)
            ?? throw new MemberFailure("engine.start_failed", "MariaDB ended at once.");
        clock.End("launch");
        await WaitUntilReadyAsync(Process, cancellationToken);
        clock.End("ready");
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Process?.EndAsync(time, cancellationToken, (Libc.SigTerm, s_stop), (Libc.SigKill, s_stop))
        ?? Task.CompletedTask;

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first column of every row.</summary>
    public async Task<List<string>> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture) ?? "");
        }

        return rows;
    }

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder
            {
                Server = paths.Socket,
                ConnectionProtocol = MySqlConnectionProtocol.UnixSocket,
                UserID = MariaDbFiles.Platform,
                SslMode = MySqlSslMode.Disabled,
                Pooling = false,
                ConnectionTimeout = 5,
            }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync(
        WatchedProcess process,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (File.Exists(paths.Socket))
                {
                    await ExecuteAsync("DO 1", cancellationToken);
                    return;
                }
            }
            catch (MySqlException) when (!process.HasExited)
            {
                // It does not listen yet.
            }

            if (process.HasExited)
            {
                throw new MemberFailure("engine.start_failed", "MariaDB ended while starting.");
            }

            if (time.GetElapsedTime(started) > s_ready)
            {
                throw new MemberFailure("engine.start_timeout", "MariaDB takes no connections.");
            }

            await Task.Delay(s_poll, time, cancellationToken);
        }
    }

    private IEnumerable<int> Find() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(pid =>
                ProcessTable.Arguments(pid) is [MariaDbPaths.Program, var options, ..]
                && options == $"--defaults-file={paths.OptionFile}"
            );
}
