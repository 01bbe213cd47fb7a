using System.Globalization;

namespace Dbaas.Host.Images.Building;

/// <summary>Removes what builds left whose host was killed: those of a recipe whose lock nobody else holds.</summary>
internal static class AbandonedBuilds
{
    public const string Prefix = ".building-";

    /// <summary>Where a recipe is built; the name tells whose lock guards it.</summary>
    public static string NewFolder(string store, string recipe) =>
        Path.Combine(store, $"{Prefix}{recipe}-{Guid.NewGuid():n}");

    /// <param name="store">The store.</param>
    /// <param name="held">The recipe whose lock the caller holds.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task SweepAsync(
        string store,
        string held,
        CancellationToken cancellationToken
    )
    {
        foreach (var folder in Directory.EnumerateDirectories(store, Prefix + "*"))
        {
            var recipe = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            using var taken = recipe == held ? null : BuildLock.TryTake(store, recipe);
            if (recipe == held || taken is not null)
            {
                await RemoveAsync(folder, cancellationToken);
            }
        }
    }

    /// <summary>Ends the build's processes, takes its mounts away and deletes its folder.</summary>
    /// <exception cref="IOException">A mount below the folder stays; deleting through it would reach the host's own files.</exception>
    public static async Task RemoveAsync(string folder, CancellationToken cancellationToken)
    {
        await EndProcessesAsync(folder, cancellationToken);
        foreach (var mount in Mounts(folder))
        {
            await BuildProcess.RunAsync(
                folder + ".umount",
                ["umount", "--lazy", mount],
                _ => { },
                cancellationToken
            );
        }
        if (Mounts(folder) is [var left, ..])
        {
            throw new IOException($"{left} is still mounted; the abandoned build stays.");
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task EndProcessesAsync(string folder, CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(folder, ImageBuild.PidName);
        if (
            !File.Exists(pidFile)
            || !int.TryParse(
                await File.ReadAllTextAsync(pidFile, cancellationToken),
                CultureInfo.InvariantCulture,
                out var session
            )
        )
        {
            return;
        }
        // The id may belong to somebody else by now: only a session that works on this very folder is ended.
        var members = BuildSession.Members(session);
        if (!members.Any(process => BuildSession.Mentions(process, folder)))
        {
            return;
        }
        while (BuildSession.Members(session).Count > 0)
        {
            BuildSession.Kill(session);
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    /// <summary>Mount points below a folder, deepest first.</summary>
    private static IReadOnlyList<string> Mounts(string folder) =>
        [
            .. File.ReadLines("/proc/self/mounts")
                .Select(line => line.Split(' ')[1].Replace("\\040", " ", StringComparison.Ordinal))
                .Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal))
                .OrderByDescending(path => path.Length),
        ];
}
