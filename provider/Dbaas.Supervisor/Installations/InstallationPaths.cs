namespace Dbaas.Supervisor.Installations;

/// <summary>Where things lie below the root, as docs/architecture.md lists them.</summary>
internal sealed class InstallationPaths(string root)
{
    public string Root { get; } = Path.GetFullPath(root);
    public string InstallationFile => In("installation.json");
    public string ProfileFile => In("profile.json");
    public string Bin => In("bin");

    /// <summary>Link to the deployed version.</summary>
    public string Current => In("bin/current");

    /// <summary>
    /// Stays in place over versions and is mounted into machines: a new agent is renamed over the old one, so that a machine that has
    /// run for months finds it without being restarted.
    /// </summary>
    public string Agent => In("bin/agent");
    public string Pki => In("pki");
    public string Secrets => In("secrets");
    public string Config => In("config");
    public string Log => In("log");
    public string Run => In("run");

    /// <summary>The one folder in which control may make files of its own besides its logs.</summary>
    public string ControlSecrets => In("secrets/control");
    public string FirstAdminKey => In("secrets/control/first-admin-key");
    public string MetadataSocketFolder => In("metadata/run");
    public string UnitsFile => In("run/units.json");
    public string SupervisorPid => In("run/supervisor.json");

    /// <summary>Held by the running supervisor.</summary>
    public string SupervisorLock => In("run/supervisor.lock");

    /// <summary>There while the installation is meant to be down: a supervisor that starts then ends at once.</summary>
    public string Stopped => In("run/stopped");

    /// <summary>Held while a verb changes the installation.</summary>
    public string LockFile => In("run/lock");

    public string Certificate(string name) => In($"pki/{name}.crt");

    public string Key(string name) => In($"pki/{name}.key");

    public string UnitPid(string unit) => In($"run/{unit}.json");

    public string UnitLog(string unit) => In($"log/{unit}.log");

    public string ConfigOf(string unit) => In($"config/{unit}.json");

    public string EnrolmentToken(string region) => In($"secrets/enrol-{region}");

    public string HostFolder(string region) => In($"hosts/{region}");

    public string KmsFolder(string region) => In($"kms/{region}");

    private string In(string relative) => Path.Combine(Root, relative);
}
