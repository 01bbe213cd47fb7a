using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>What every verb works with.</summary>
internal sealed class VerbContext(InstallationPaths paths, TimeProvider time, TextWriter output)
{
    public InstallationPaths Paths { get; } = paths;
    public TimeProvider Time { get; } = time;
    public UnitRecords Records { get; } = new(paths);

    public void Say(string message) => output.WriteLine($"platform: {message}");

    /// <summary>Keeps two verbs from working on one installation at the same time.</summary>
    /// <exception cref="SupervisorException">Another one is at it.</exception>
    public FileStream Lock()
    {
        Directory.CreateDirectory(Paths.Run);
        return TryLock(Paths.LockFile)
            ?? throw new SupervisorException(
                $"Another command is working on {Paths.Root}; wait for it."
            );
    }

    /// <summary>Waits, a minute at most, for a lock that everybody holds only for a moment.</summary>
    /// <exception cref="SupervisorException">It was not given free.</exception>
    public async Task<FileStream> WaitForLockAsync(string file, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        while (true)
        {
            if (TryLock(file) is { } held)
            {
                return held;
            }

            if (Time.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
            {
                throw new SupervisorException($"{file} is held by another process.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Time, cancellationToken);
        }
    }

    /// <returns>Null when another process holds it. Closing it, or the end of the process, gives it free.</returns>
    public static FileStream? TryLock(string file)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
            when (exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }
}
