using Dbaas.Common;
using Dbaas.Host.Native;

namespace Dbaas.Host.Containers;

/// <summary>
/// Keeps one of the region's own containers (store, gateway) running: adopts the one that runs, starts it again when it ended. What
/// it serves outlives the daemon; only <see cref="StopAsync"/> ends it.
/// </summary>
/// <param name="containers">Runs them.</param>
/// <param name="describe">Makes the specification anew before each start, so that a start sees today's files.</param>
/// <param name="time">Paces starts of one that keeps ending.</param>
/// <param name="logger">Told about each restart.</param>
internal sealed partial class ContainerKeeper(
    IContainers containers,
    Func<CancellationToken, Task<ContainerSpec>> describe,
    TimeProvider time,
    ILogger logger
) : IAsyncDisposable
{
    /// <summary>A start takes a fifth of a second.</summary>
    private readonly RestartBackOff backOff = new(
        first: TimeSpan.FromMilliseconds(250),
        longest: TimeSpan.FromSeconds(5),
        settled: TimeSpan.FromSeconds(2)
    );
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly CancellationTokenSource ending = new();
    private Task watching = Task.CompletedTask;
    private string name = "";

    /// <summary>Completes when the container's first process has ended; looked at beside the gate, written behind it.</summary>
    private volatile Task end = Task.CompletedTask;
    private long started;

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
        started = time.GetTimestamp(); // also of a start that comes to nothing
        var spec = await describe(cancellationToken);
        name = spec.Name;
        await containers.EnsureRunningAsync(spec, cancellationToken);
        var process = (await containers.GetAsync(name, cancellationToken)).Pid;
        var ends = ProcessEnd.Of(process);
        // Whoever got the number between those two lines is not waited for.
        var same =
            await containers.GetAsync(name, cancellationToken) is { IsRunning: true } now
            && now.Pid == process;
        end = same ? ends : Task.CompletedTask;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await end.WaitAsync(cancellationToken);
                await Task.Delay(
                    backOff.AfterDeath(time.GetElapsedTime(started)),
                    time,
                    cancellationToken
                );
                if (await StartAgainAsync(cancellationToken))
                {
                    await (Restarted?.Invoke(cancellationToken) ?? Task.CompletedTask);
                }
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
            }
        }
    }

    /// <summary>False when somebody else has started it meanwhile.</summary>
    private async Task<bool> StartAgainAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!end.IsCompleted)
            {
                return false;
            }
            LogEnded(name, LastWords());
            await RunAsync(cancellationToken);
            return true;
        }
        finally
        {
            gate.Release();
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
