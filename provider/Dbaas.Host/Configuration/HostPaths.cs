namespace Dbaas.Host.Configuration;

/// <summary>Where this region's files lie. Everything is below <c>ROOT/hosts/REGION</c>, so that two regions never meet.</summary>
internal sealed class HostPaths(HostSettings options)
{
    public string Region { get; } = Path.Combine(options.Root, "hosts", options.Region);

    /// <summary>Small JSON files that survive the daemon and the machine it runs on.</summary>
    public string State => Path.Combine(Region, "state");
    public string Volumes => Path.Combine(Region, "volumes");

    /// <summary>Mount points of open volumes; 0700, so that no unprivileged process of the host walks in.</summary>
    public string Mounts => Path.Combine(Region, "mounts");
    public string Machines => Path.Combine(Region, "machines");

    /// <summary>Bundles, overlay roots and console logs, one folder a container.</summary>
    public string Containers => Path.Combine(Region, "containers");

    /// <summary>runc's own state.</summary>
    public string Runc => Path.Combine(Region, "runc");
    public string HostCertificate => Path.Combine(Region, "host.crt");
    public string HostKey => Path.Combine(Region, "host.key");

    public string ImageRoot(string imageId) => Path.Combine(options.ImageStore, imageId, "rootfs");

    /// <summary>Makes the folders, private to root.</summary>
    public void Ensure()
    {
        const UnixFileMode priv =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

        // A container's root folder is reached through these by an unprivileged uid, hence search permission on the upper ones.
        Directory.CreateDirectory(Region);
        foreach (var folder in (string[])[State, Volumes, Mounts, Runc])
        {
            Directory.CreateDirectory(folder, priv);
        }
        Directory.CreateDirectory(Containers);
        // The container runtime walks down to a root folder as an unprivileged uid; search permission shows it no names.
        foreach (
            var folder in (string[])
                [options.Root, Path.GetDirectoryName(Region)!, Region, Containers]
        )
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        }
        Directory.CreateDirectory(Machines);
    }
}
