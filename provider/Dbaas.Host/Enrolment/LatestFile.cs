namespace Dbaas.Host.Enrolment;

/// <summary>
/// What a file holds now: read again when its time of change is another, so that a renewed certificate counts from the next handshake
/// on and nobody has to restart the daemon. A file that cannot be read leaves what was read before in force. Thread-safe.
/// </summary>
/// <param name="path">Whose time of change decides. Of several files that belong together, the one written last.</param>
/// <param name="load">Reads it.</param>
internal sealed class LatestFile<T>(string path, Func<T> load)
    where T : class
{
    private readonly Lock gate = new();
    private T? value;
    private DateTime changed;

    /// <exception cref="IOException">It cannot be read and never could.</exception>
    public T Value
    {
        get
        {
            lock (gate)
            {
                var current = File.GetLastWriteTimeUtc(path);
                if (value is not null && current == changed)
                {
                    return value;
                }
                try
                {
                    // The old one is left to the collector: a handshake may still use it.
                    value = load();
                    changed = current;
                }
                catch (Exception exception)
                    when (value is not null
                        && exception
                            is IOException
                                or ArgumentException // what a key says that is another certificate's
                                or System.Security.Cryptography.CryptographicException
                    )
                {
                    // Half written, or certificate and key do not belong together yet; the next handshake looks again.
                }
                return value;
            }
        }
    }
}
