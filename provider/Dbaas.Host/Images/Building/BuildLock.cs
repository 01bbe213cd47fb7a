namespace Dbaas.Host.Images.Building;

/// <summary>
/// Lets one process at a time build an image of a recipe in a store. Two recipes are built side by side: a build waits for packages or
/// uses one core. The kernel's file lock ends with its process, so a killed host never blocks the next.
/// </summary>
internal sealed class BuildLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private readonly FileStream file;

    private BuildLock(FileStream file) => this.file = file;

    /// <summary>Waits for the lock as long as the caller does.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="recipe">The recipe's <see cref="KeyOf"/>.</param>
    /// <param name="time">Paces the attempts.</param>
    /// <param name="waiting">Called once if somebody else holds it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BuildLock> TakeAsync(
        string folder,
        string recipe,
        TimeProvider time,
        Action waiting,
        CancellationToken cancellationToken
    )
    {
        var told = false;
        while (true)
        {
            if (TryTake(folder, recipe) is { } taken)
            {
                return taken;
            }

            if (!told)
            {
                told = true;
                waiting();
            }
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Null when somebody else holds it.</summary>
    public static BuildLock? TryTake(string folder, string recipe)
    {
        try
        {
            return new(
                new FileStream(
                    Path.Combine(folder, ".lock-" + recipe),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                )
            );
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Names a recipe in the names of files: the beginning of its hash.</summary>
    public static string KeyOf(string recipeHash) => recipeHash[..16];

    public void Dispose() => file.Dispose();
}
