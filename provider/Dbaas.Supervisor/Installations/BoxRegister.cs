namespace Dbaas.Supervisor.Installations;

/// <summary>
/// The installations of this box, so that a new one keeps clear of those that are stopped right now and so hold no port. One link an
/// installation, named after its id, to its root; a link whose root is gone counts for nothing and is removed.
/// </summary>
internal sealed class BoxRegister(string folder)
{
    public const string Usual = "/var/lib/misc/dbaas-installations";

    public IReadOnlyList<Installation> Others(string root)
    {
        Directory.CreateDirectory(folder);
        var found = new List<Installation>();
        foreach (var link in new DirectoryInfo(folder).GetFileSystemInfos())
        {
            if (link.LinkTarget is not { } target)
            {
                continue;
            }

            if (
                InstallationFile.TryRead(new InstallationPaths(target)) is not { } installation
                || installation.Id != link.Name
            )
            {
                link.Delete();
            }
            else if (target != root)
            {
                found.Add(installation);
            }
        }

        return found;
    }

    public void Add(Installation installation, string root)
    {
        Directory.CreateDirectory(folder);
        var link = Path.Combine(folder, installation.Id);
        if (!Path.Exists(link))
        {
            File.CreateSymbolicLink(link, root);
        }
    }

    public void Remove(Installation installation) =>
        File.Delete(Path.Combine(folder, installation.Id));
}
