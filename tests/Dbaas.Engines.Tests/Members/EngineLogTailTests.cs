using Dbaas.Engines.Members;

namespace Dbaas.Engines.Tests.Members;

public sealed class EngineLogTailTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dbaas-log-").FullName;

    [Fact]
    public void Given_a_log_that_was_put_aside_when_the_last_lines_are_read_then_they_go_back_into_it()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        Write($"error.log{EngineLogTail.PutAside}", "one\ntwo\n", now.AddMinutes(-1));
        Write("error.log", "three\n", now);
        Write("ib_buffer_pool", "no log\n", now);

        Assert.Equal(["two", "three"], new EngineLogTail(_folder).Last(2));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text, DateTime at)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, at);
    }
}
