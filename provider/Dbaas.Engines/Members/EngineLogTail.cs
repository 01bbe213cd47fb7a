using System.Text;
using System.Text.RegularExpressions;

namespace Dbaas.Engines.Members;

/// <summary>The last lines of the server's own log, with everything secret taken out.</summary>
internal sealed partial class EngineLogTail(string folder)
{
    /// <summary>Added to the name of a log that was put aside for a new one.</summary>
    public const string PutAside = ".old";

    // Enough for some hundred lines; a log may be gigabytes long.
    private const int TailBytes = 128 * 1024;
    private const string Removed = "********";
    private volatile IReadOnlyList<string> _secrets = [];

    /// <summary>Texts that must never leave the machine.</summary>
    public void Hide(IReadOnlyList<string> secrets) => _secrets = secrets;

    public IReadOnlyList<string> Last(int lines)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        // The start log and the collector's files by time: the newest come last. What was put aside is still the newest for a while.
        List<string> found = [];
        foreach (
            var file in new DirectoryInfo(folder)
                .EnumerateFiles()
                .Where(file => IsLog(file.Name))
                .OrderByDescending(file => file.LastWriteTimeUtc)
        )
        {
            found.InsertRange(0, Tail(file.FullName));
            if (found.Count >= lines)
            {
                break;
            }
        }

        return [.. found.TakeLast(lines).Select(Clean)];
    }

    /// <summary>The line without passwords, keys and verifiers.</summary>
    internal string Clean(string line)
    {
        foreach (var secret in _secrets)
        {
            if (secret.Length > 0)
            {
                line = line.Replace(secret, Removed, StringComparison.Ordinal);
            }
        }

        line = PasswordClause().Replace(line, "$1" + Removed);
        line = Verifier().Replace(line, Removed);
        return KeyBlock().Replace(line, Removed);
    }

    // PASSWORD 'x' in a logged statement, password=x in a connection string.
    [GeneratedRegex(
        """(password\s*(?:=|\s)\s*)(?:E?'(?:[^']|'')*'?|[^\s']+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex PasswordClause();

    [GeneratedRegex(
        @"SCRAM-SHA-256\$\S+|\bmd5[0-9a-f]{32}\b|\bAS 0x[0-9A-F]{40,}\b",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Verifier();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----.*", RegexOptions.CultureInvariant)]
    private static partial Regex KeyBlock();

    private static bool IsLog(string name) =>
        name.EndsWith(".log", StringComparison.Ordinal)
        || name.EndsWith($".log{PutAside}", StringComparison.Ordinal);

    private static IEnumerable<string> Tail(string file)
    {
        try
        {
            using var stream = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var cut = stream.Length > TailBytes;
            if (cut)
            {
                stream.Seek(-TailBytes, SeekOrigin.End);
            }

            using var reader = new StreamReader(stream, Encoding.UTF8);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // The first line after a seek is half a line, and half a secret would not be recognised.
            return cut ? lines.Skip(1) : lines;
        }
        catch (IOException)
        {
            return [];
        }
    }
}
