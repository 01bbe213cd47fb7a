namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>A file for programs and libraries that take paths only.</summary>
public sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string content) => File.WriteAllText(Path, content);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
