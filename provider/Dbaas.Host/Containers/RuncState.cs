using System.Globalization;
using System.Text.Json;

namespace Dbaas.Host.Containers;

/// <summary>
/// Reads what runc knows of a container: its answer to <c>runc state</c>, or the file behind that answer, since every start of the
/// program costs 15 ms and more on a busy host.
/// </summary>
internal static class RuncState
{
    public static ContainerStatus Parse(string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(
            name,
            root.GetProperty("status").GetString()!,
            root.GetProperty("pid").GetInt32(),
            root.GetProperty("created").GetString() ?? ""
        );
    }

    /// <summary>
    /// The same from <c>state.json</c> (runc, libcontainer/container_linux.go: State and exec.fifo) and <c>/proc</c>. Null when the
    /// file is not as expected: then the program must be asked.
    /// </summary>
    /// <param name="name">Short name.</param>
    /// <param name="folder">runc's folder of the container.</param>
    public static ContainerStatus? Read(string name, string folder)
    {
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(Path.Combine(folder, "state.json"))
            );
            var root = document.RootElement;
            if (
                !root.TryGetProperty("init_process_pid", out var process)
                || !root.TryGetProperty("init_process_start", out var started)
                || !root.TryGetProperty("created", out var created)
                || !process.TryGetInt32(out var pid)
                || !started.TryGetUInt64(out var ticks)
            )
            {
                return null;
            }
            // A number alone may be another process's by now; the moment of its start makes it one process for ever.
            if (!Lives(pid, ticks))
            {
                return new(name, "stopped", 0, created.GetString() ?? "");
            }
            // The first process waits on this pipe until `runc start` opens it.
            var waits = File.Exists(Path.Combine(folder, "exec.fifo"));
            return new(name, waits ? "created" : "running", pid, created.GetString() ?? "");
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    private static bool Lives(int pid, ulong startTicks)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // proc(5): the name in parentheses may hold anything; after it come the state (3) and, 19 fields on, the start (22).
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is not ("Z" or "X")
                && ulong.Parse(fields[19], CultureInfo.InvariantCulture) == startTicks;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
