namespace Dbaas.Host.Native;

/// <summary>One line of <c>/proc/self/mountinfo</c>.</summary>
internal sealed record MountEntry(string Target, string Type, string Source, string Device);

/// <summary>What is mounted now. The kernel's word counts, not our state files: a reboot unmounts without telling us.</summary>
internal static class MountTable
{
    public static IReadOnlyList<MountEntry> Read() =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(Parse)];

    public static MountEntry? Find(string target) =>
        Read().LastOrDefault(entry => entry.Target == target);

    private static MountEntry Parse(string line)
    {
        // id parent major:minor root target options [optional…] - type source superoptions (proc(5))
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-", 6);
        return new(
            Unescape(fields[4]),
            fields[separator + 1],
            Unescape(fields[separator + 2]),
            fields[2]
        );
    }

    private static string Unescape(string text) =>
        text.Contains('\\', StringComparison.Ordinal)
            ? text.Replace(@"\040", " ", StringComparison.Ordinal)
                .Replace(@"\011", "\t", StringComparison.Ordinal)
                .Replace(@"\012", "\n", StringComparison.Ordinal)
                .Replace(@"\134", @"\", StringComparison.Ordinal)
            : text;
}
