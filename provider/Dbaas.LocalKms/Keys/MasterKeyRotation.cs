using System.ComponentModel;
using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Keys;

/// <summary>
/// Replaces the master key while the service answers, when somebody puts the file rotate-master-key into the data folder
/// (`dbaas kms rotate-master-key`). The file goes when it is done. After a crash at any moment the next start goes on where this one was.
/// </summary>
internal sealed partial class MasterKeyRotation(
    KmsSettings settings,
    MasterKey masterKey,
    KeyStore keys,
    KeyCipher cipher,
    GrantTokens tokens,
    TimeProvider time,
    ILogger<MasterKeyRotation> logger
) : BackgroundService
{
    public const string RequestFile = "rotate-master-key";
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // Longer than any request: one that read a key before it was wrapped anew still needs the old master key.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private string RequestPath => Path.Combine(settings.DataFolder, RequestFile);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        do
        {
            try
            {
                if (masterKey.IsBeingReplaced || File.Exists(RequestPath))
                {
                    await RotateAsync(stoppingToken);
                    await Task.Delay(Grace, time, stoppingToken);
                    masterKey.Forget();
                }
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException or Win32Exception)
            {
                LogPostponed(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        masterKey.Begin();
        await keys.ChangeAllAsync(cipher.Rewrapped, cancellationToken);
        tokens.Rewrap();
        masterKey.Commit();
        if (File.Exists(RequestPath))
        {
            DurableFile.Delete(RequestPath);
        }

        LogRotated();
    }

    [LoggerMessage(7301, LogLevel.Warning, "Replaced the master key; all keys are wrapped anew")]
    private partial void LogRotated();

    [LoggerMessage(7302, LogLevel.Error, "The master key could not be replaced yet; trying again")]
    private partial void LogPostponed(Exception exception);
}
