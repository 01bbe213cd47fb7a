namespace Dbaas.Engines.Members;

/// <summary>
/// Looks at a member's volume for as long as its agent lives: has the server's logs trimmed, writes turned away before it is full and let
/// in again once there is room, and notices storage that became slow.
/// </summary>
internal sealed class VolumeWatch(
    DiskGuard disk,
    StorageProbe storage,
    MemberEnvironment environment
)
{
    private readonly Lock _beginning = new();
    private bool _began;

    /// <summary>Whether the server takes connections; only then it is told anything.</summary>
    public required Func<bool> Serves { get; init; }

    /// <summary>
    /// Makes the server read-only (true) or writable, and answers whether it was in the other state. Asked again at each look while the
    /// volume is low: a server that was started anew must be told anew.
    /// </summary>
    public required Func<bool, Task<bool>> TellServerAsync { get; init; }

    /// <summary>Takes away of the server's own logs what is too much. It may take as long as it likes.</summary>
    public required Func<Task> TrimLogsAsync { get; init; }

    /// <summary>Failures of disk and server, which the next look may not meet again.</summary>
    public required Func<Exception, bool> IsExpected { get; init; }

    /// <summary>Logged when the volume is low.</summary>
    public required string FullVolume { get; init; }

    /// <summary>Begins, once in the agent's life.</summary>
    public void Begin()
    {
        lock (_beginning)
        {
            if (_began)
            {
                return;
            }

            _began = true;
        }

        _ = WatchRoomAsync();
        _ = WatchLogsAsync();
        _ = WatchSpeedAsync();
    }

    private async Task WatchRoomAsync()
    {
        // Whether the server may be read-only because of us. An earlier agent may have made it so, hence the first look with room makes it
        // writable; so does the first one that it serves again, when it was started while the volume was low.
        var mayHold = true;
        while (true)
        {
            try
            {
                disk.Look();
                mayHold |= disk.WasLow();
                if (Serves() && mayHold)
                {
                    // Somebody else's look may change it meanwhile.
                    var low = disk.Low;
                    if (await TellServerAsync(low))
                    {
                        environment.Log(
                            low ? FullVolume : "The volume has room again; writes are taken."
                        );
                    }

                    mayHold = low;
                }

                disk.HoldBack();
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                // Not even the settings found room; the next look tries again with more of it.
                environment.Log($"The volume could not be guarded: {failure.Message}");
                disk.MakeRoom();
            }

            await Task.Delay(disk.Pause, environment.Time);
        }
    }

    // Beside the guard, which must not wait for a server that is slow to answer.
    private async Task WatchLogsAsync()
    {
        var said = "";
        while (true)
        {
            try
            {
                if (Serves())
                {
                    await TrimLogsAsync();
                    said = "";
                }
            }
            catch (Exception failure)
                when (failure is InvalidOperationException || IsExpected(failure))
            {
                // The next look tries again; of a failure that lasts, one line is enough. A server that is stopped meanwhile closes its session.
                if (failure is not InvalidOperationException && failure.Message != said)
                {
                    said = failure.Message;
                    environment.Log($"The server's logs could not be trimmed: {said}");
                }
            }

            await Task.Delay(disk.Pause, environment.Time);
        }
    }

    private async Task WatchSpeedAsync()
    {
        while (true)
        {
            try
            {
                if (Serves())
                {
                    storage.Look();
                }
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                // A full volume is the other watch's business.
            }

            await Task.Delay(StorageProbe.Pause, environment.Time);
        }
    }
}
