using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Deployment;

/// <summary>
/// Copies published programs below the root and switches to them in one step. Programs run from there, so that a build in the checkout
/// never changes the files of a running process.
/// </summary>
internal sealed class Deployer(InstallationPaths paths)
{
    /// <summary>A folder each, in a deployment as in what was published.</summary>
    public static IReadOnlyList<string> Programs { get; } =
    ["agent", "cli", "control", "host", "kms", "supervisor"];

    /// <param name="artifacts">Folder with one folder a program; null keeps what is deployed.</param>
    /// <exception cref="SupervisorException">A program is missing.</exception>
    public Deployed Deploy(string? artifacts)
    {
        if (artifacts is null)
        {
            var current =
                new DirectoryInfo(paths.Current).ResolveLinkTarget(returnFinalTarget: true)
                ?? throw new SupervisorException(
                    "Nothing is deployed yet: name the published programs with --artifacts."
                );
            return new(current.FullName, Hashes(current.FullName), false);
        }

        var hashes = Hashes(artifacts);
        var folder = Path.Combine(paths.Bin, $"{Version()}-{Combined(hashes)[..12]}");
        // A folder of the right name may still be empty or torn inside: a power cut before all of it was on disk leaves that.
        var changed = !IsWhole(folder, hashes);
        if (changed)
        {
            Copy(artifacts, folder);
        }

        DeployAgent(Path.Combine(folder, "agent"));
        changed |= Switch(folder);
        RemoveOld(folder);
        return new(folder, hashes, changed);
    }

    private static string Version() =>
        typeof(Deployer)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    private static Dictionary<string, string> Hashes(string artifacts) =>
        Programs.ToDictionary(
            program => program,
            program =>
                Directory.Exists(Path.Combine(artifacts, program))
                    ? FolderHash.Of(Path.Combine(artifacts, program))
                    : throw new SupervisorException(
                        $"{artifacts} has no {program}; run make publish."
                    ),
            StringComparer.Ordinal
        );

    private static bool IsWhole(string folder, Dictionary<string, string> hashes) =>
        Programs.All(program =>
            Directory.Exists(Path.Combine(folder, program))
            && FolderHash.Of(Path.Combine(folder, program)) == hashes[program]
        );

    private static string Combined(Dictionary<string, string> hashes) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.ASCII.GetBytes(string.Concat(Programs.Select(program => hashes[program])))
            )
        );

    private static void Copy(string artifacts, string folder)
    {
        var fresh = folder + ".new";
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        foreach (var program in Programs)
        {
            var source = Path.Combine(artifacts, program);
            foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(fresh, program, Path.GetRelativePath(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
                // Units run as users of their own and must read their program whatever the umask of the build was.
                var execute = (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0;
                File.SetUnixFileMode(
                    target,
                    execute ? PrivateFile.OpenFolder : PrivateFile.Readable
                );
            }
        }

        foreach (
            var directory in Directory
                .EnumerateDirectories(fresh, "*", SearchOption.AllDirectories)
                .Append(fresh)
        )
        {
            File.SetUnixFileMode(directory, PrivateFile.OpenFolder);
        }

        // Before it gets its name: whoever finds that after a power cut must find all of it.
        Libc.SyncFileSystem(fresh);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Move(fresh, folder);
    }

    private void DeployAgent(string source)
    {
        PrivateFile.MakeFolder(paths.Agent, PrivateFile.OpenFolder);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            var target = Path.Combine(paths.Agent, Path.GetFileName(file));
            if (
                File.Exists(target)
                && File.ReadAllBytes(target).AsSpan().SequenceEqual(File.ReadAllBytes(file))
            )
            {
                continue;
            }

            File.Copy(file, target + ".new", overwrite: true);
            File.SetUnixFileMode(target + ".new", PrivateFile.OpenFolder);
            Libc.SyncFileSystem(paths.Agent);
            File.Move(target + ".new", target, overwrite: true);
        }
    }

    private bool Switch(string folder)
    {
        if (new DirectoryInfo(paths.Current).LinkTarget == Path.GetFileName(folder))
        {
            return false;
        }

        var fresh = paths.Current + ".new";
        File.Delete(fresh);
        File.CreateSymbolicLink(fresh, Path.GetFileName(folder));
        Libc.Rename(fresh, paths.Current);
        return true;
    }

    /// <summary>Older versions go, except those something still runs from (the metadata unit stays on the one it was started with).</summary>
    private void RemoveOld(string keep)
    {
        var inUse = Directory
            .EnumerateDirectories("/proc")
            .Select(process => TryLink($"{process}/exe"))
            .OfType<string>()
            .ToList();
        foreach (var folder in new DirectoryInfo(paths.Bin).EnumerateDirectories())
        {
            if (
                folder.LinkTarget is null
                && folder.FullName != keep
                && folder.FullName != paths.Agent
                && !inUse.Any(program =>
                    program.StartsWith(folder.FullName + "/", StringComparison.Ordinal)
                )
            )
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static string? TryLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
