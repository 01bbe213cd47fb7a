using System.Diagnostics;

namespace Dbaas.Supervisor;

/// <summary>Runs another program of the platform to its end.</summary>
internal static class Tool
{
    /// <summary>Collects what it says and shows it only when it fails.</summary>
    /// <exception cref="SupervisorException">It ended with an error; the message holds its last lines.</exception>
    public static async Task RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        using var process = Start(program, arguments, collect: true);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            var said = $"{await output}\n{await error}".Trim();
            throw new SupervisorException(
                $"{Path.GetFileName(program)} {arguments[0]} ended with {process.ExitCode}: {(said.Length > 2000 ? said[^2000..] : said)}"
            );
        }
    }

    /// <summary>Hands on each line of progress it writes to standard error; its result on standard output is of no interest.</summary>
    /// <exception cref="SupervisorException">It ended with an error; the message holds the last line.</exception>
    public static async Task FollowAsync(
        string program,
        IReadOnlyList<string> arguments,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        using var process = Start(program, arguments, collect: true);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var last = "";
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            last = line;
            progress(line);
        }

        await process.WaitForExitAsync(cancellationToken);
        await output;
        if (process.ExitCode != 0)
        {
            throw new SupervisorException(
                $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {last}"
            );
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, bool collect)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = collect,
            RedirectStandardError = collect,
        };
        CleanEnvironment.Apply(start);
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new SupervisorException(
                $"{program} cannot be started: {exception.Message}",
                exception
            );
        }
    }
}
