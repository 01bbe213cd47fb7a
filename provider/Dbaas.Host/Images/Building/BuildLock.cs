namespace Dbaas.Host.Images.Building;

/// <summary>
/// Lets one process at a time build in a store. The kernel's file lock ends with its process, so a killed host never blocks the next.
/// </summary>
internal sealed class BuildLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private readonly FileStream file;

    private BuildLock(FileStream file) => this.file = file;

    /// <summary>Waits for the lock as long as the caller does.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="time">Paces the attempts.</param>
    /// <param name="waiting">Called once if somebody else holds it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BuildLock> TakeAsync(
        string folder,
        TimeProvider time,
        Action waiting,
        CancellationToken cancellationToken
    )
    {
        var told = false;
        while (true)
        {
            try
            {
                return new(
                    new FileStream(
                        Path.Combine(folder, ".lock"),
                        FileMode.OpenOrCreate,
                        FileAccess.ReadWrite,
                        FileShare.None
                    )
                );
            }
            catch (IOException exception) when (exception is not DirectoryNotFoundException)
            {
                if (!told)
                {
                    told = true;
                    waiting();
                }
                await Task.Delay(Poll, time, cancellationToken);
            }
        }
    }

    public void Dispose() => file.Dispose();
}
