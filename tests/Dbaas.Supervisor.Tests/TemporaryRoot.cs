using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Tests;

/// <summary>A root folder of its own, gone afterwards.</summary>
internal sealed class TemporaryRoot : IDisposable
{
    public TemporaryRoot()
    {
        Paths = new(Directory.CreateTempSubdirectory("dbaas-supervisor-").FullName);
        foreach (var folder in (string[])[Paths.Run, Paths.Log, Paths.Pki, Paths.Bin])
        {
            Directory.CreateDirectory(folder);
        }
    }

    public InstallationPaths Paths { get; }

    public void Dispose() => Directory.Delete(Paths.Root, recursive: true);
}
