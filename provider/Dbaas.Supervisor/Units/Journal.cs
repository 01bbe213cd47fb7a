using System.Text.Json;

namespace Dbaas.Supervisor.Units;

/// <summary>The supervisor's own log: one JSON line an event, to its output, which is log/supervisor.log.</summary>
internal sealed class Journal(TextWriter output, TimeProvider time)
{
    private readonly Lock writing = new();

    public void Write(string message)
    {
        var line =
            $$"""{"@t":"{{time.GetUtcNow():O}}","@m":{{JsonSerializer.Serialize(message, JournalJson.Default.String)}}}""";
        lock (writing)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
