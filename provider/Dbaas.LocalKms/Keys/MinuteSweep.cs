using System.ComponentModel;

namespace Dbaas.LocalKms.Keys;

/// <summary>Work that falls due by itself, looked for once a minute. A disk that refuses is tried again the next minute.</summary>
internal abstract partial class MinuteSweep(TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected abstract Task SweepAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is IOException or Win32Exception)
            {
                LogPostponed(logger, GetType().Name, exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(7202, LogLevel.Error, "{Sweep} could not write; next try in a minute")]
    private static partial void LogPostponed(ILogger logger, string sweep, Exception exception);
}
