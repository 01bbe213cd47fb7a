using System.Globalization;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Removal;

/// <summary>
/// The cgroups of one installation in every hierarchy. What is in them is ours even when the process that kept it is gone and no file
/// knows it any more.
/// </summary>
/// <param name="installationId">Eight digits; part of the cgroup's name.</param>
/// <param name="hierarchies">Where cgroups are mounted; another folder only in tests.</param>
internal sealed class InstallationCgroups(
    string installationId,
    string hierarchies = "/sys/fs/cgroup"
)
{
    private readonly string _name = $"dbaas-{installationId}";

    /// <summary>Processes of the installation, or only those below one part of it.</summary>
    /// <param name="part">e.g. metadata; null is all.</param>
    public IReadOnlySet<int> Processes(string? part = null) =>
        Folders()
            .Select(folder => part is null ? folder : Path.Combine(folder, part))
            .Where(Directory.Exists)
            .SelectMany(WithInner)
            .SelectMany(folder => Lines(Path.Combine(folder, "cgroup.procs")))
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
            .Where(pid => pid > 0)
            .ToHashSet();

    /// <summary>A frozen process does not die of SIGKILL; a fence that was killed half-way leaves some.</summary>
    public void Thaw()
    {
        foreach (var folder in Folders().SelectMany(WithInner))
        {
            var file = Path.Combine(folder, "freezer.state");
            if (File.Exists(file))
            {
                File.WriteAllText(file, "THAWED");
            }
        }
    }

    /// <summary>A cgroup is removed by rmdir alone, innermost first; its files cannot be deleted and need not be.</summary>
    /// <exception cref="IOException">A process is still in one.</exception>
    public void Remove()
    {
        foreach (var folder in Folders().SelectMany(WithInner))
        {
            Libc.RemoveFolder(folder);
        }
    }

    private List<string> Folders() =>
        [
            .. Directory
                .EnumerateDirectories(hierarchies)
                .Append(hierarchies)
                .Select(hierarchy => Path.Combine(hierarchy, _name))
                .Where(Directory.Exists),
        ];

    /// <summary>Innermost first.</summary>
    private static IEnumerable<string> WithInner(string folder) =>
        Directory
            .EnumerateDirectories(folder, "*", SearchOption.AllDirectories)
            .OrderByDescending(path => path.Length)
            .Append(folder)
            .ToList();

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (IOException)
        {
            return []; // removed meanwhile
        }
    }
}
