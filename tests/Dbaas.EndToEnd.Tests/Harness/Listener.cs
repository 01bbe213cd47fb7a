using System.Globalization;
using System.Net;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>A TCP port that a process listens on.</summary>
/// <param name="ProcessId">Who listens; its network namespace is where the address is.</param>
/// <param name="Program">File name of its program.</param>
/// <param name="Network">Name of the network namespace in the kernel.</param>
/// <param name="Endpoint">Address and port.</param>
public sealed record Listener(int ProcessId, string Program, string Network, IPEndPoint Endpoint)
{
    private const string Listening = "0A";
    private const string Established = "01";

    /// <summary>Every listening port of these processes, once each, as the kernel has them.</summary>
    public static IReadOnlyList<Listener> Of(IReadOnlyList<int> processes) =>
        [
            .. processes
                .SelectMany(Of)
                .DistinctBy(one => (one.Network, one.Endpoint.ToString()))
                .OrderBy(one => one.Program, StringComparer.Ordinal)
                .ThenBy(one => one.Endpoint.Port),
        ];

    private static IEnumerable<Listener> Of(int pid)
    {
        var sockets = Sockets(pid);
        if (sockets.Count == 0)
        {
            return [];
        }

        var network = Link($"/proc/{pid}/ns/net");
        var program = Path.GetFileName(ProcessTable.Program(pid));
        return Lines($"/proc/{pid}/net/tcp")
            .Concat(Lines($"/proc/{pid}/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == Listening)
            .Where(fields => sockets.Contains(fields[9]))
            .Select(fields => new Listener(pid, program, network, Parse(fields[1])));
    }

    /// <summary>Whether a process holds a connection to that port right now.</summary>
    public static bool IsConnectedTo(int pid, int port)
    {
        var sockets = Sockets(pid);
        return Lines($"/proc/{pid}/net/tcp")
            .Concat(Lines($"/proc/{pid}/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields =>
                fields.Length > 9
                && fields[3] == Established
                && sockets.Contains(fields[9])
                && Parse(fields[2]).Port == port
            );
    }

    /// <summary>Inodes of the sockets a process holds.</summary>
    private static HashSet<string> Sockets(int pid)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles($"/proc/{pid}/fd")
                    .Select(Link)
                    .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
                    .Select(target => target["socket:[".Length..^1]),
            ];
        }
        catch (IOException)
        {
            return []; // it ended
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file)[1..];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>The kernel writes each 32-bit word of the address in the machine's order, in hexadecimal.</summary>
    private static IPEndPoint Parse(string text)
    {
        var parts = text.Split(':');
        var bytes = Convert.FromHexString(parts[0]);
        for (var word = 0; word < bytes.Length; word += 4)
        {
            Array.Reverse(bytes, word, 4);
        }

        return new IPEndPoint(
            new IPAddress(bytes),
            int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        );
    }
}
