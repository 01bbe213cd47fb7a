namespace Dbaas.LocalKms.Keys;

/// <summary>Rotates keys whose period is over. A disabled key waits until it is enabled, as in AWS.</summary>
internal sealed partial class RotationSweep(
    KeyStore keys,
    MaterialRotation rotation,
    TimeProvider time,
    ILogger<RotationSweep> logger
) : MinuteSweep(time, logger)
{
    private readonly ILogger<RotationSweep> logger = logger;
    private readonly TimeProvider time = time;

    protected override async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var key in keys.Keys.Where(IsDue).ToList())
        {
            var outcome = await keys.ChangeAsync(
                key.KeyId,
                current =>
                    IsDue(current) ? rotation.Rotated(current, RotationKind.Automatic) : current,
                cancellationToken
            );
            if (!outcome.Refused(out _, out var rotated))
            {
                LogRotated(rotated.Arn, rotated.BackingKeys.Count);
            }
        }
    }

    private bool IsDue(KeyRecord key) =>
        key.State == KeyState.Enabled
        && key.Rotation is { } automatic
        && automatic.NextAt <= time.GetUtcNow();

    [LoggerMessage(
        7203,
        LogLevel.Information,
        "Rotated key {Key}: it has {Generations} generations"
    )]
    private partial void LogRotated(string key, int generations);
}
