using System.Runtime.InteropServices;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Images;
using Dbaas.Host.Native;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Metadata;

/// <summary>
/// <c>Dbaas.Host metadata run --root R [--image ID|latest] [--uid U] [--control-uid C]</c>: keeps the metadata PostgreSQL in the
/// foreground. SIGTERM stops it in order. A killed run leaves the database running; the next one adopts it, and
/// <c>metadata stop --root R</c> stops it in order.
/// </summary>
internal static class MetadataVerb
{
    private const int FastShutdown = 2; // SIGINT; SIGTERM would wait for clients to leave (PostgreSQL manual, 18.5)
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(50);

    /// <param name="arguments">What follows the word <c>metadata</c>.</param>
    /// <param name="output">Progress.</param>
    /// <param name="error">Errors.</param>
    /// <returns>0 after SIGTERM, 1 when the database ended by itself or could not start, 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error
    )
    {
        if (arguments is not ["run" or "stop", ..] || arguments.Count % 2 == 0)
        {
            await error.WriteLineAsync(
                "metadata run --root DIR [--image ID|latest] [--uid N] [--control-uid N] | metadata stop --root DIR"
            );
            return 2;
        }
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            var options = arguments
                .Skip(1)
                .Chunk(2)
                .ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]);
            var settings = MetadataSettings.From(options);
            return arguments[0] == "stop"
                ? await StopAsync(settings)
                : await KeepAsync(settings, output, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception)
            when (exception
                    is InvalidDataException
                        or IOException
                        or ImageException
                        or ContainerException
            )
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> KeepAsync(
        MetadataSettings settings,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        await using var services = Services(settings);
        services.GetRequiredService<HostPaths>().Ensure();
        Prepare(settings);
        var image = await ImageAsync(
            services.GetRequiredService<ImageStore>(),
            settings,
            output,
            cancellationToken
        );
        var containers = services.GetRequiredService<IContainers>();
        await containers.EnsureRunningAsync(
            MetadataContainer.Describe(settings, image.RootFileSystem),
            CancellationToken.None
        );
        await output.WriteLineAsync($"metadata runs from image {image.Id}, socket {settings.Run}");
        var time = services.GetRequiredService<TimeProvider>();
        var logs = services.GetRequiredService<ConsoleLogs>();
        var rotated = time.GetTimestamp();
        try
        {
            while (
                (await containers.GetAsync(MetadataContainer.Name, cancellationToken))
                    is { IsRunning: true } status
            )
            {
                while (Directory.Exists($"/proc/{status.Pid}/fd/") && IsAlive(status.Pid))
                {
                    await Task.Delay(Watch, time, cancellationToken);
                    if (time.GetElapsedTime(rotated) > ConsoleLogs.Pause)
                    {
                        rotated = time.GetTimestamp();
                        logs.Rotate(ConsoleLogs.LimitBytes);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            await EndAsync(containers, time);
            return 0;
        }
        await output.WriteLineAsync(
            $"metadata ended by itself: {LastLines(containers.ConsoleLog(MetadataContainer.Name))}"
        );
        return 1;
    }

    private static async Task<int> StopAsync(MetadataSettings settings)
    {
        await using var services = Services(settings);
        await EndAsync(
            services.GetRequiredService<IContainers>(),
            services.GetRequiredService<TimeProvider>()
        );
        return 0;
    }

    /// <summary>A checkpoint and an end; deleting takes away what did not end in time.</summary>
    private static async Task EndAsync(IContainers containers, TimeProvider time)
    {
        await containers.SignalAsync(MetadataContainer.Name, FastShutdown, CancellationToken.None);
        var started = time.GetTimestamp();
        while (
            (await containers.GetAsync(MetadataContainer.Name, CancellationToken.None)).IsRunning
            && time.GetElapsedTime(started) < Grace
        )
        {
            await Task.Delay(Watch, time, CancellationToken.None);
        }

        await containers.DeleteAsync(MetadataContainer.Name, CancellationToken.None);
    }

    private static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Prepare(MetadataSettings settings)
    {
        const UnixFileMode mine =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(settings.Data, mine);
        Ownership.Give(settings.Data, settings.Uid);
        // The control service must reach the socket; who it is, the kernel tells PostgreSQL.
        var run = Directory.CreateDirectory(settings.Run);
        run.UnixFileMode =
            mine
            | UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherExecute;
        Ownership.Give(settings.Run, settings.Uid);
    }

    private static async Task<Image> ImageAsync(
        ImageStore store,
        MetadataSettings settings,
        TextWriter output,
        CancellationToken cancellationToken
    ) =>
        settings.ImageId is { } id
            ? store.Find(id)
                ?? throw new InvalidDataException($"There is no image {id} in {settings.Images}.")
            : await store.EnsureAsync(
                "postgresql",
                "18",
                refresh: false,
                new ProgressLines(output),
                cancellationToken
            );

    private static ServiceProvider Services(MetadataSettings settings)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging =>
            logging.AddSimpleConsole(console => console.SingleLine = true)
        );
        services.AddContainers(settings.AsHost());
        services.AddSingleton<ConsoleLogs>();
        services.AddSingleton(new ImageStoreOptions { Folder = settings.Images });
        services.AddSingleton<ImageStore>();
        return services.BuildServiceProvider();
    }

    private static string LastLines(string file) =>
        File.Exists(file) ? string.Join(" | ", File.ReadLines(file).TakeLast(5)) : "no output";

    private sealed class ProgressLines(TextWriter writer) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) =>
            writer.WriteLine($"{value.Stage}: {value.Message}");
    }
}
