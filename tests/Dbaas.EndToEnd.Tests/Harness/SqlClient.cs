using System.Globalization;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>An engine's own client program, over TLS 1.3 and nothing less, with everything secret in 0600 files of a folder of its own.</summary>
public abstract class SqlClient : IDisposable
{
    protected string Folder { get; } =
        Directory.CreateTempSubdirectory("dbaas-e2e-client-").FullName;

    /// <summary>Runs one statement; rows one a line, columns bare.</summary>
    public abstract Task<CommandResult> TryAsync(
        string sql,
        IReadOnlyDictionary<string, string>? changes = null
    );

    /// <summary>TLS version of the connection, as the server names it.</summary>
    public abstract Task<string> TlsVersionAsync();

    /// <summary>Query for the server's start in seconds since 1970.</summary>
    protected abstract string StartedQuery { get; }

    /// <summary>Several sessions that write for a moment; all of it must succeed.</summary>
    public abstract Task LoadAsync();

    /// <summary>Writes rows that must be there for ever after.</summary>
    public async Task KeepAsync()
    {
        await QueryAsync("create table kept (n int primary key)");
        await QueryAsync("insert into kept values (1), (2), (3)");
    }

    /// <summary>Whether <see cref="KeepAsync"/>'s rows are all there.</summary>
    public async Task<bool> HasKeptAsync() =>
        await QueryAsync("select count(*), sum(n) from kept") is "3|6" or "3\t6";

    public async Task<string> QueryAsync(string sql) =>
        (await TryAsync(sql)).Succeeded().Output.Trim();

    public async Task<DateTimeOffset> StartedAsync() =>
        DateTimeOffset.UnixEpoch.AddSeconds(
            double.Parse(await QueryAsync(StartedQuery), CultureInfo.InvariantCulture)
        );

    /// <summary>By how much two answers about one start may differ.</summary>
    protected virtual TimeSpan Wavers => TimeSpan.FromMilliseconds(10);

    /// <summary>Whether two answers mean two starts.</summary>
    public bool Differ(DateTimeOffset one, DateTimeOffset other) =>
        (one - other).Duration() > Wavers;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a file that had its mode before anything was in it.</summary>
    protected string Secret(string name, string content)
    {
        var file = Path.Combine(Folder, name);
        using var writer = new StreamWriter(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        writer.Write(content);
        return file;
    }
}
