using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>
/// Watches the volume's free room. A server that finds no room for its log panics or hangs and cannot recover either, so writes are
/// turned away before that, and a file holds back enough room for a recovery should it happen all the same.
/// </summary>
/// <param name="volumeRoot">Mount point of the volume.</param>
/// <param name="ballastFile">The file that holds room back; on the volume.</param>
/// <param name="reason">What the instance says while <see cref="Low"/>.</param>
/// <param name="time">Tells since when.</param>
internal sealed class DiskGuard(
    string volumeRoot,
    string ballastFile,
    string reason,
    TimeProvider time
)
{
    /// <summary>Three segments of PostgreSQL's log (16 MiB each), more than MySQL's temporary tablespaces: what a recovery needs.</summary>
    private const long BallastBytes = 48L << 20;
    private const long SmallestReserve = 96L << 20;
    private const long LargestReserve = 1L << 30;
    private const int ReserveShare = 20;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Alert = TimeSpan.FromMilliseconds(500);

    private bool _near;
    private bool _roomy;
    private bool _wasLow;

    private volatile Trouble _trouble = Trouble.None;

    /// <summary>Less than 5 % is free (at least 96 MiB, at most 1 GiB), until half as much again is.</summary>
    public bool Low => _trouble != Trouble.None;

    /// <summary>Set while <see cref="Low"/>.</summary>
    public Trouble Trouble => _trouble;

    /// <summary>How long to wait before the next look: a bulk load fills hundreds of megabytes in a second.</summary>
    public TimeSpan Pause => _near ? Alert : Calm;

    /// <summary>Whether any look saw it low since this was last asked: a member looks as well, and may start a server read-only for it.</summary>
    public bool WasLow() => Interlocked.Exchange(ref _wasLow, false);

    /// <summary>Looks at the volume.</summary>
    /// <exception cref="IOException">The volume is gone.</exception>
    public void Look()
    {
        var volume = new DriveInfo(volumeRoot);
        var reserve = Math.Clamp(volume.TotalSize / ReserveShare, SmallestReserve, LargestReserve);
        var free = volume.AvailableFreeSpace;
        var low = free < (Low ? reserve + reserve / 2 : reserve);
        _near = free < 4 * reserve;
        _roomy = free > 2 * reserve;
        if (low != Low)
        {
            _trouble = low ? new(AgentFailures.VolumeFull, reason, time.GetUtcNow()) : Trouble.None;
        }

        if (low)
        {
            Volatile.Write(ref _wasLow, true);
        }
    }

    /// <summary>Gives the room held back to a server that is about to start and would find none; true when it did.</summary>
    public bool MakeRoom()
    {
        if (
            !File.Exists(ballastFile)
            || new DriveInfo(volumeRoot).AvailableFreeSpace >= BallastBytes
        )
        {
            return false;
        }

        File.Delete(ballastFile);
        return true;
    }

    /// <summary>Sets the room for a recovery aside while there is plenty.</summary>
    public void HoldBack()
    {
        if (!_roomy || File.Exists(ballastFile))
        {
            return;
        }

        try
        {
            using var file = new FileStream(
                ballastFile,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    PreallocationSize = BallastBytes,
                }
            );
            file.SetLength(BallastBytes);
        }
        catch (IOException)
        {
            // Somebody was faster than we; without it the guard still turns writes away in time.
        }
    }
}
