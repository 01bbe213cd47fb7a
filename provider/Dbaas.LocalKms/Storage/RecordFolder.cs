using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Storage;

/// <summary>
/// Records of one kind, a file each, all of them in memory as well. A change is on disk before it is seen by anybody; changes are
/// serial, reads never wait.
/// </summary>
internal sealed class RecordFolder<T> : IDisposable
    where T : class
{
    private const string Extension = ".json";
    private readonly string folder;
    private readonly JsonTypeInfo<T> type;
    private readonly ConcurrentDictionary<string, T> records = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim writing = new(1, 1);

    /// <exception cref="InvalidDataException">A file cannot be read: serving without it would look like a lost key.</exception>
    public RecordFolder(string folder, JsonTypeInfo<T> type, Func<T, string> nameOf)
    {
        this.folder = folder;
        this.type = type;
        DurableFile.CreateFolder(folder);
        DurableFile.SweepTemporaries(folder);
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            var record = Read(path);
            records[nameOf(record)] = record;
        }
    }

    public IEnumerable<T> All => records.Values;

    public T? Find(string name) => records.GetValueOrDefault(name);

    /// <summary>Decides on the record as it is now (null: none) and stores what was decided.</summary>
    public async Task<Outcome<T>> ChangeAsync(
        string name,
        Func<T?, Outcome<T>> decide,
        CancellationToken cancellationToken
    )
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            var current = Find(name);
            var outcome = decide(current);
            if (outcome.Refused(out _, out var next) || ReferenceEquals(next, current))
            {
                return outcome;
            }

            DurableFile.Write(PathOf(name), JsonSerializer.SerializeToUtf8Bytes(next, type));
            records[name] = next;
            return next;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Changes every record. A crash in between leaves some old, some new; what is unchanged is not written.</summary>
    public async Task ChangeAllAsync(Func<T, T> change, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            foreach (var (name, current) in records)
            {
                var next = change(current);
                if (!ReferenceEquals(next, current))
                {
                    DurableFile.Write(
                        PathOf(name),
                        JsonSerializer.SerializeToUtf8Bytes(next, type)
                    );
                    records[name] = next;
                }
            }
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Removes the record if <paramref name="still"/> holds for what is stored now.</summary>
    public async Task<bool> RemoveAsync(
        string name,
        Func<T, bool> still,
        CancellationToken cancellationToken
    )
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (Find(name) is not { } current || !still(current))
            {
                return false;
            }

            DurableFile.Delete(PathOf(name));
            return records.TryRemove(name, out _);
        }
        finally
        {
            writing.Release();
        }
    }

    public void Dispose() => writing.Dispose();

    // Ids name their file; what users may choose is hashed, so that no name is too long or means a folder.
    private string PathOf(string name) =>
        Path.Combine(
            folder,
            (name.All(char.IsAsciiLetterOrDigit) || Guid.TryParse(name, out _) ? name : Hash(name))
                + Extension
        );

    private static string Hash(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private T Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type)
                ?? throw new JsonException("The file is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is damaged: {exception.Message}", exception);
        }
    }
}
