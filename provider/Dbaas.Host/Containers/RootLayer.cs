using System.Globalization;
using Dbaas.Host.Native;

namespace Dbaas.Host.Containers;

/// <summary>
/// The root file system of a container: the image below, a thin layer with mount points and a few files above, both read-only.
/// There is no writable layer, so nothing can be left in one.
/// </summary>
internal static class RootLayer
{
    /// <summary>Writes the layer and mounts the overlay at <c>folder/root</c>; does nothing when it is mounted.</summary>
    public static string Ensure(ContainerSpec spec, string folder, int visibleUid)
    {
        var root = Path.Combine(folder, "root");
        if (MountTable.Find(root) is not null)
        {
            return root;
        }
        var layer = Path.Combine(folder, "layer");
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(layer);
        foreach (var target in (string[])["/proc", "/dev", "/tmp", "/run", "/sys"])
        {
            MakeFolder(layer, spec.RootFolder, target);
        }
        foreach (var mount in spec.Mounts)
        {
            MakeMountPoint(layer, spec.RootFolder, mount);
        }
        foreach (var (path, content) in Files(spec, visibleUid))
        {
            WriteFile(layer, spec.RootFolder, path, content);
        }
        Mount.At(
            "overlay",
            root,
            "overlay",
            Mount.Options.ReadOnly | Mount.Options.NoSetUid | Mount.Options.NoDevices,
            $"lowerdir={layer}:{spec.RootFolder}"
        );
        return root;
    }

    private static Dictionary<string, string> Files(ContainerSpec spec, int uid)
    {
        var id = uid.ToString(CultureInfo.InvariantCulture);
        var files = new Dictionary<string, string>(spec.Files, StringComparer.Ordinal);
        files.TryAdd("/etc/hostname", spec.HostName + "\n");
        files.TryAdd("/etc/hosts", $"127.0.0.1 localhost\n127.0.1.1 {spec.HostName}\n");
        files.TryAdd("/etc/resolv.conf", "");
        // Programs that look up their own user (initdb, ssh, Python) fail without an entry.
        files["/etc/passwd"] =
            (spec.Files.GetValueOrDefault("/etc/passwd") ?? ImageFile(spec, "/etc/passwd"))
            + $"dbaas:x:{id}:{id}:database:/data:/bin/sh\n";
        files["/etc/group"] = ImageFile(spec, "/etc/group") + $"dbaas:x:{id}:\n";
        return files;
    }

    private static string ImageFile(ContainerSpec spec, string path)
    {
        var file = new FileInfo(spec.RootFolder + path);
        // An image is content of others: a link in it must not make us read a file of the host.
        return file.Exists && file.LinkTarget is null ? File.ReadAllText(file.FullName) : "";
    }

    private static void MakeMountPoint(string layer, string image, ContainerMount mount)
    {
        if (Directory.Exists(mount.Source))
        {
            MakeFolder(layer, image, mount.Target);
        }
        else
        {
            WriteFile(layer, image, mount.Target, "");
        }
    }

    /// <summary>
    /// Makes the folder and its parents with the image's modes: in an overlay the upper folder's mode counts, and ours would hide
    /// the image's otherwise.
    /// </summary>
    private static void MakeFolder(string layer, string image, string target)
    {
        var path = "";
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path += "/" + part;
            var below = new DirectoryInfo(image + path);
            if (below.LinkTarget is { } link)
            {
                throw new ContainerException(
                    $"{target} cannot be a mount point: {path} is a link to {link} in the image."
                );
            }
            if (Directory.Exists(layer + path))
            {
                continue;
            }
            var made = Directory.CreateDirectory(layer + path);
            made.UnixFileMode = below.Exists ? below.UnixFileMode : ReadableByAll;
        }
    }

    private static void WriteFile(string layer, string image, string path, string content)
    {
        MakeFolder(layer, image, Path.GetDirectoryName(path)!);
        var file = layer + path;
        File.WriteAllText(file, content);
        File.SetUnixFileMode(
            file,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.GroupRead
                | UnixFileMode.OtherRead
        );
    }

    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;
}
