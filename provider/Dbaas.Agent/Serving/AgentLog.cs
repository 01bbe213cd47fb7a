using System.Text.Json;

namespace Dbaas.Agent.Serving;

/// <summary>The agent's own log: one JSON object a line on standard error, which the host collects. Never called with secrets.</summary>
internal static class AgentLog
{
    public static void Write(string message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("@t", TimeProvider.System.GetUtcNow());
            json.WriteString("@m", message);
            json.WriteString("unit", "agent");
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        using var error = Console.OpenStandardError();
        error.Write(buffer.ToArray());
    }
}
