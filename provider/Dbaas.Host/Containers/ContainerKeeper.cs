namespace Dbaas.Host.Containers;

/// <summary>
/// Keeps one of the region's own containers (store, gateway) running: adopts the one that runs, starts it again when it ended. What
/// it serves outlives the daemon; only <see cref="StopAsync"/> ends it.
/// </summary>
/// <param name="containers">Runs them.</param>
/// <param name="describe">Makes the specification anew before each start, so that a start sees today's files.</param>
/// <param name="time">Paces the watch.</param>
/// <param name="logger">Told about each restart.</param>
internal sealed partial class ContainerKeeper(
    IContainers containers,
    Func<CancellationToken, Task<ContainerSpec>> describe,
    TimeProvider time,
    ILogger logger
) : IAsyncDisposable
{
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly CancellationTokenSource ending = new();
    private Task watching = Task.CompletedTask;
    private string name = "";
    private int pid;

    /// <summary>Raised after a restart, on the watch's thread.</summary>
    public Func<CancellationToken, Task>? Restarted { get; init; }

    /// <summary>Runs the container and begins to watch it. Repeatable.</summary>
    /// <exception cref="ContainerException">It cannot be started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await RunAsync(cancellationToken);
            if (watching.IsCompleted)
            {
                watching = Task.Run(() => WatchAsync(ending.Token), CancellationToken.None);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends watch and container.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        await EndWatchAsync();
        if (name.Length > 0)
        {
            await containers.StopAsync(name, grace, cancellationToken);
            await containers.DeleteAsync(name, cancellationToken);
        }
    }

    /// <summary>Ends the watch only: the container runs on and is adopted by the next daemon.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndWatchAsync();
        ending.Dispose();
        gate.Dispose();
    }

    private async Task EndWatchAsync()
    {
        await ending.CancelAsync();
        await watching;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var spec = await describe(cancellationToken);
        name = spec.Name;
        await containers.EnsureRunningAsync(spec, cancellationToken);
        pid = (await containers.GetAsync(name, cancellationToken)).Pid;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var pause = Watch;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, cancellationToken);
                // A look at /proc costs microseconds; asking the runtime costs a process.
                if (IsAlive(pid))
                {
                    pause = Watch;
                    continue;
                }
                LogEnded(name, LastWords());
                await gate.WaitAsync(cancellationToken);
                try
                {
                    await RunAsync(cancellationToken);
                }
                finally
                {
                    gate.Release();
                }
                await (Restarted?.Invoke(cancellationToken) ?? Task.CompletedTask);
                // One that dies at once is not started four times a second for ever.
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The watch must outlive whatever one attempt throws; the next one is the retry.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(exception, name);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
        }
    }

    /// <summary>A zombie is dead as well: it is counted until its parent takes note (proc(5), state Z).</summary>
    private static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The end of what the container wrote, for whoever must find out why it ended.</summary>
    public string LastWords()
    {
        try
        {
            return string.Join(" | ", File.ReadLines(containers.ConsoleLog(name)).TakeLast(5));
        }
        catch (IOException)
        {
            return "";
        }
    }

    [LoggerMessage(
        4005,
        LogLevel.Warning,
        "Container {Container} ended; starting it again. Its last words: {LastWords}"
    )]
    private partial void LogEnded(string container, string lastWords);

    [LoggerMessage(4006, LogLevel.Error, "Container {Container} could not be started again")]
    private partial void LogFailed(Exception exception, string container);
}
