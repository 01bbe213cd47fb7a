using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Dbaas.Provider.Hosting;

/// <summary>
/// Writes log entries to stderr as the JSON lines Terraform understands, and only when someone asked for logs: without TF_LOG the host
/// throws stderr away. Never give it a request's payload; those hold secrets in clear.
/// </summary>
internal sealed class HclogLogger(string module, TimeProvider time) : ILogger
{
    private static readonly bool Wanted = IsOn("TF_LOG") || IsOn("TF_LOG_PROVIDER");
    private readonly Stream output = Console.OpenStandardError();
    private readonly Lock gate = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => Wanted && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("@level", Level(logLevel));
            json.WriteString("@message", formatter(state, exception));
            json.WriteString("@module", module);
            // A timestamp of any other layout makes the host treat the whole line as plain text.
            json.WriteString(
                "@timestamp",
                time.GetUtcNow()
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
            );
            if (exception is not null)
            {
                json.WriteString("error", exception.ToString());
            }

            json.WriteEndObject();
        }

        line.Write("\n"u8);
        lock (gate)
        {
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }

    private static bool IsOn(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } level
        && !level.Equals("OFF", StringComparison.OrdinalIgnoreCase);

    private static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            _ => "error",
        };
}
