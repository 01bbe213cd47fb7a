using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Dbaas.Control.Composition;

/// <summary>
/// JSON lines to stderr and, where <c>logFile</c> names one, to a file that is rotated at 64 MiB, four kept. Serilog is only the sink:
/// the code logs through ILogger.
/// </summary>
internal static class ControlLogging
{
    private const long RotateAtBytes = 64L * 1024 * 1024;
    private const int KeptFiles = 4;

    public static void AddControlLogging(this WebApplicationBuilder builder)
    {
        var formatter = new CompactJsonFormatter();
        var logging = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.Console(formatter, standardErrorFromLevel: LogEventLevel.Verbose);
        if (builder.Configuration["logFile"] is { Length: > 0 } file)
        {
            logging.WriteTo.File(
                formatter,
                file,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: RotateAtBytes,
                retainedFileCountLimit: KeptFiles
            );
        }

        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(logging.CreateLogger(), dispose: true);
    }
}
