using System.Globalization;

namespace Dbaas.Host.Containers;

/// <summary>
/// Reads and clears cgroups by their files, in version 1 (a tree per controller) and version 2 (one tree) alike. runc makes them;
/// this class must find and kill what is in them even when runc knows nothing any more.
/// </summary>
internal sealed class Cgroups
{
    private const string Mountpoint = "/sys/fs/cgroup";

    /// <summary>1 or 2. Hybrid systems, which have a version 2 tree without controllers beside the others, count as 1.</summary>
    public int Version { get; } = File.Exists($"{Mountpoint}/cgroup.controllers") ? 2 : 1;

    /// <summary>Existing folders of a cgroup, one a hierarchy.</summary>
    /// <param name="path">Relative to the hierarchy's root, beginning with a slash.</param>
    public IReadOnlyList<string> Folders(string path) =>
        Version == 2
            ? Existing([Mountpoint + path])
            : Existing(Directory.GetDirectories(Mountpoint).Select(tree => tree + path));

    /// <summary>Names of the cgroups directly below, over all hierarchies.</summary>
    public IReadOnlyList<string> Children(string path) =>
        [
            .. Folders(path)
                .SelectMany(Directory.GetDirectories)
                .Select(folder => Path.GetFileName(folder)!)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>File of a controller's cgroup, e.g. (<c>memory</c>, …, <c>memory.usage_in_bytes</c>).</summary>
    public string FilePath(string controller, string path, string file) =>
        Version == 2 ? $"{Mountpoint}{path}/{file}" : $"{Mountpoint}/{controller}{path}/{file}";

    /// <summary>All processes in the cgroup and below it, in any hierarchy.</summary>
    public IReadOnlyList<int> Processes(string path) =>
        [
            .. Folders(path)
                .SelectMany(folder =>
                    ReadLines(Path.Combine(folder, "cgroup.procs"))
                        .Concat(
                            Below(folder)
                                .SelectMany(child => ReadLines(Path.Combine(child, "cgroup.procs")))
                        )
                )
                .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
                .Where(pid => pid > 0)
                .Distinct(),
        ];

    public ContainerUsage Usage(string path) =>
        Version == 2
            ? new(
                ReadNumber(FilePath("", path, "memory.current")),
                ReadField(FilePath("", path, "cpu.stat"), "usage_usec") * 1000,
                ReadField(FilePath("", path, "memory.events"), "oom_kill"),
                Processes(path).Count
            )
            : new(
                ReadNumber(FilePath("memory", path, "memory.usage_in_bytes")),
                ReadNumber(FilePath("cpuacct", path, "cpuacct.usage")),
                ReadField(FilePath("memory", path, "memory.oom_control"), "oom_kill"),
                Processes(path).Count
            );

    /// <summary>Memory that cannot be given back by dropping clean pages: what a lower limit must leave room for.</summary>
    public long UnreclaimableMemory(string path)
    {
        var stat = FilePath("memory", path, "memory.stat");
        return Version == 2
            ? ReadField(stat, "anon") + ReadField(stat, "shmem") + ReadField(stat, "kernel")
            : ReadField(stat, "total_rss") + ReadField(stat, "total_shmem");
    }

    /// <summary>Stops the cgroup's processes from running at all, so that none can fork away while it is killed.</summary>
    public void Freeze(string path, bool frozen)
    {
        var file =
            Version == 2
                ? FilePath("", path, "cgroup.freeze")
                : FilePath("freezer", path, "freezer.state");
        if (File.Exists(file))
        {
            File.WriteAllText(
                file,
                Version == 2 ? (frozen ? "1" : "0") : (frozen ? "FROZEN" : "THAWED")
            );
        }
    }

    /// <summary>Removes an empty cgroup and those below it. A cgroup in use stays and is reported by the kernel as busy.</summary>
    /// <returns>Whether anything existed.</returns>
    public bool Remove(string path)
    {
        var folders = Folders(path);
        foreach (var folder in folders)
        {
            foreach (var child in Below(folder).OrderByDescending(name => name.Length))
            {
                RemoveFolder(child);
            }
            RemoveFolder(folder);
        }
        return folders.Count > 0;
    }

    private static void RemoveFolder(string folder)
    {
        if (Native.Folders.TryRemoveEmpty(folder) is { } error)
        {
            throw new ContainerException($"cgroup {folder} cannot be removed: {error}.");
        }
    }

    private static IReadOnlyList<string> Existing(IEnumerable<string> folders) =>
        [.. folders.Where(Directory.Exists)];

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories);

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return []; // gone meanwhile
        }
    }

    private static long ReadNumber(string file) =>
        long.TryParse(ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;

    private static long ReadField(string file, string name) =>
        ReadLines(file)
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length == 2 && fields[0] == name)
            .Select(fields => long.Parse(fields[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
