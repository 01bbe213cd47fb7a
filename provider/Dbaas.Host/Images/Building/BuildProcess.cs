using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Dbaas.Host.Images.Building;

/// <summary>
/// Runs one program of a build in a session of its own and hands over each line it says. Its process id is written down, so that
/// after a kill of this process the next one can end what goes on without it.
/// </summary>
internal static class BuildProcess
{
    /// <summary>
    /// Where programs are looked for, in the build and in the image: Debian's own. A caller's python3 before them costs a fifth of a
    /// second for each package, or is none that fits.
    /// </summary>
    public const string SearchPath = "/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="pidFile">Holds the id of the session while the program runs.</param>
    /// <param name="arguments">Program and arguments.</param>
    /// <param name="line">Called for each line of both streams, one at a time.</param>
    /// <param name="cancellationToken">Kills the program with all that it started.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ImageException">The program is not installed.</exception>
    public static async Task<int> RunAsync(
        string pidFile,
        IReadOnlyList<string> arguments,
        Action<string> line,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        // The texts are searched for reasons; a translated one would not be understood.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        start.Environment["PATH"] = SearchPath;

        using var process = new Process { StartInfo = start };
        var gate = new Lock();
        void Hand(string? text)
        {
            if (text is not null)
            {
                lock (gate)
                {
                    line(text);
                }
            }
        }
        process.OutputDataReceived += (_, data) => Hand(data.Data);
        process.ErrorDataReceived += (_, data) => Hand(data.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new ImageException(
                "image.tool_missing",
                $"{start.FileName} cannot be started ({exception.Message}); install util-linux and mmdebstrap.",
                retryable: false
            );
        }
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // setsid execs in place for a process that leads no group, so this is the id of the new session as well.
        await File.WriteAllTextAsync(
            pidFile,
            process.Id.ToString(CultureInfo.InvariantCulture),
            CancellationToken.None
        );
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            BuildSession.Kill(process.Id);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        finally
        {
            File.Delete(pidFile);
        }
        return process.ExitCode;
    }
}
