using Dbaas.Host.Configuration;

namespace Dbaas.Host.Containers;

/// <summary>
/// Keeps what containers write to their consoles bounded: beyond 16 MiB its last 16 become <c>console.log.1</c>, whose forerunner goes.
/// The file is copied and emptied, not renamed: the container holds it open for appending, and nobody can hand it another one.
/// </summary>
internal sealed partial class ConsoleLogs(
    HostPaths paths,
    TimeProvider time,
    ILogger<ConsoleLogs> logger
) : BackgroundService
{
    public const long LimitBytes = 16 << 20;
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Looks at every container once. What is written between copy and emptying is lost, a line or two at most.</summary>
    public void Rotate(long limitBytes)
    {
        if (!Directory.Exists(paths.Containers))
        {
            return;
        }
        foreach (var folder in Directory.EnumerateDirectories(paths.Containers))
        {
            var log = new FileInfo(Path.Combine(folder, "console.log"));
            if (!log.Exists || log.Length <= limitBytes)
            {
                continue;
            }
            try
            {
                KeepEnd(log.FullName, limitBytes);
                using var file = new FileStream(
                    log.FullName,
                    FileMode.Open,
                    FileAccess.Write,
                    FileShare.ReadWrite
                );
                file.SetLength(0);
            }
            catch (IOException exception)
            {
                LogFailed(log.FullName, exception.Message); // deleted meanwhile, or the disk is full; the next look tries again
            }
        }
    }

    /// <summary>Only the end: one that wrote gigabytes within a minute would have a copy of them all fill the disk.</summary>
    private static void KeepEnd(string log, long bytes)
    {
        using var from = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var to = new FileStream(
            log + ".1",
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        from.Seek(-Math.Min(bytes, from.Length), SeekOrigin.End);
        var buffer = new byte[80 << 10];
        // Not to the end of the file, which a container that goes on writing moves on for ever.
        while (
            bytes > 0
            && from.Read(buffer, 0, (int)Math.Min(bytes, buffer.Length)) is var read and > 0
        )
        {
            to.Write(buffer, 0, read);
            bytes -= read;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Rotate(LimitBytes);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon ends.
        }
    }

    [LoggerMessage(4004, LogLevel.Warning, "Console log {Log} could not be rotated: {Reason}")]
    private partial void LogFailed(string log, string reason);
}
