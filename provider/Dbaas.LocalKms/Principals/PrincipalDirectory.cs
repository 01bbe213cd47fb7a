using System.Collections.Frozen;
using System.Text.Json;
using Dbaas.LocalKms.Hosting;

namespace Dbaas.LocalKms.Principals;

/// <summary>Principals by access key, read again when their file was replaced, so that a new host needs no restart.</summary>
internal sealed partial class PrincipalDirectory
{
    private readonly string path;
    private readonly ILogger<PrincipalDirectory> logger;
    private readonly Lock reading = new();
    private volatile Snapshot current;

    /// <exception cref="JsonException">The file is damaged.</exception>
    public PrincipalDirectory(KmsSettings settings, ILogger<PrincipalDirectory> logger)
    {
        path = settings.PrincipalsFile;
        this.logger = logger;
        current = Read();
    }

    public Principal? Find(string accessKeyId)
    {
        Refresh();
        return current.ByAccessKey.GetValueOrDefault(accessKeyId);
    }

    private void Refresh()
    {
        if (File.GetLastWriteTimeUtc(path) == current.WrittenAt)
        {
            return;
        }

        lock (reading)
        {
            try
            {
                current = Read();
                LogRead(current.ByAccessKey.Count);
            }
            catch (Exception exception) when (exception is IOException or JsonException)
            {
                // Those already known must keep working: their volumes may have to be opened right now.
                LogKept(exception);
            }
        }
    }

    private Snapshot Read()
    {
        var writtenAt = File.GetLastWriteTimeUtc(path);
        var file =
            JsonSerializer.Deserialize(File.ReadAllBytes(path), FileJson.Default.PrincipalsFile)
            ?? throw new JsonException($"{path} is empty.");
        return new Snapshot(
            writtenAt,
            file.Principals.ToFrozenDictionary(
                principal => principal.AccessKeyId,
                StringComparer.Ordinal
            )
        );
    }

    private sealed record Snapshot(
        DateTime WrittenAt,
        FrozenDictionary<string, Principal> ByAccessKey
    );

    [LoggerMessage(7101, LogLevel.Information, "Read {Count} principals")]
    private partial void LogRead(int count);

    [LoggerMessage(
        7102,
        LogLevel.Error,
        "The principals file cannot be read; the principals known so far stay"
    )]
    private partial void LogKept(Exception exception);
}
