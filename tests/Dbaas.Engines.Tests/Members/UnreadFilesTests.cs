using Dbaas.Engines.Members;

namespace Dbaas.Engines.Tests.Members;

/// <summary>Whoever wrote the files may be gone before the process was told of them.</summary>
public sealed class UnreadFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dbaas-unread-").FullName;

    [Fact]
    public void Given_files_when_they_are_as_they_should_be_then_the_process_is_told_until_it_has_read_them()
    {
        Assert.True(Write("old"));
        Assert.True(Write("old")); // the first writer was killed
        Files.WereRead();
        Assert.False(Write("old"));

        Assert.True(Write("new"));
        Assert.Equal("new", File.ReadAllText($"{_folder}/file"));
        Files.WereRead();
        Assert.False(Write("new"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Each time another agent's.
    private UnreadFiles Files => new($"{_folder}/unread");

    private bool Write(string text) => Files.Write([($"{_folder}/file", text)]);
}
