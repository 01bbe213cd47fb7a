using System.Diagnostics;
using System.Text;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>A program under test, with an environment of its own and everything it says collected.</summary>
public sealed class Command : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private Command(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public int ProcessId => process.Id;

    public static Command Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? input = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("DBAAS_", StringComparison.Ordinal))
                .ToList()
        )
        {
            // The developer's own platform must not be reached by accident.
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var command = new Command(Process.Start(start)!);
        try
        {
            using var standardInput = command.process.StandardInput;
            standardInput.Write(input);
        }
        catch (IOException)
        {
            // It has ended without reading: a client that was refused, for example. Its exit code and words say why.
        }

        return command;
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="cancellationToken">
    /// Default the test's. What takes something away passes none: after an interrupt, fixtures are disposed under a token that is cancelled
    /// already, and a cleaning would be killed as it starts.
    /// </param>
    public static async Task<CommandResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? input = null,
        TimeSpan? deadline = null,
        CancellationToken? cancellationToken = null
    )
    {
        using var command = Start(program, arguments, environment, folder, input);
        return await command.EndAsync(deadline ?? TimeSpan.FromMinutes(5), cancellationToken);
    }

    /// <param name="deadline">How long it may take.</param>
    /// <param name="cancellationToken">As for <see cref="RunAsync"/>.</param>
    /// <exception cref="TimeoutException">It still runs; it is killed, and the message holds what it said.</exception>
    public async Task<CommandResult> EndAsync(
        TimeSpan deadline,
        CancellationToken? cancellationToken = null
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken ?? TestContext.Current.CancellationToken
        );
        limit.CancelAfter(deadline);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end within {deadline.TotalSeconds:0} s.\n{await output}\n{await error}"
            );
        }

        return new(
            process.StartInfo.FileName,
            process.StartInfo.ArgumentList,
            process.ExitCode,
            await output,
            await error
        );
    }

    /// <summary>SIGKILL to this process alone; its children stay.</summary>
    public void Kill() => process.Kill(entireProcessTree: false);

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
