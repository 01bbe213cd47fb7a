namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Where everything of one member lies. All but sockets and process ids is on the encrypted volume.</summary>
internal sealed record MemberPaths(string VolumeRoot, string RunRoot)
{
    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>In the image; made by initdb while the image was built.</summary>
    public const string Template = "/usr/share/dbaas/template";

    public string Data => $"{VolumeRoot}/pgdata";

    /// <summary>A copy under way; becomes <see cref="Data"/> by a rename.</summary>
    public string DataInMaking => $"{VolumeRoot}/pgdata.new";

    /// <summary>Exists once the copied data directory is safely on disk. Before, nobody was told that the database exists.</summary>
    public string Durable => $"{AgentFolder}/durable";
    public string AgentFolder => $"{VolumeRoot}/agent";
    public string SpecFile => $"{AgentFolder}/spec.json";

    /// <summary>Room held back for a recovery on a full volume.</summary>
    public string BallastFile => $"{AgentFolder}/ballast";
    public string ConfFolder => $"{VolumeRoot}/conf";

    /// <summary>The one place where the engine's settings stand.</summary>
    public string SettingsFile => $"{ConfFolder}/dbaas.conf";

    /// <summary>Settings with which the server last started; what a failed restart falls back to.</summary>
    public string ProvenSettingsFile => $"{AgentFolder}/settings.proven.json";
    public string PatroniFile => $"{ConfFolder}/patroni.yml";
    public string TlsFolder => $"{ConfFolder}/tls";
    public string LogFolder => $"{VolumeRoot}/log/postgresql";
    public string PatroniLogFolder => $"{VolumeRoot}/log/patroni";
    public string TemporaryFolder => $"{VolumeRoot}/tmp";

    /// <summary>What the server writes before its log collector runs, most of all why it could not start.</summary>
    public string StartLog => $"{LogFolder}/start.log";
    public string SocketFolder => $"{RunRoot}/postgresql";
    public string PatroniPidFile => $"{RunRoot}/patroni.pid";
    public string PassFile => $"{RunRoot}/pgpass";

    /// <summary>Says that the engine should run, and in which life of the machine that was asked.</summary>
    public string DesiredFile => $"{RunRoot}/engine.desired";
    public string PostmasterPidFile => $"{Data}/postmaster.pid";
    public string ControlFile => $"{Data}/global/pg_control";

    public static string Binaries(string major) => $"/usr/lib/postgresql/{major}/bin";

    public void CreateFolders()
    {
        foreach (
            var folder in (string[])
                [
                    AgentFolder,
                    ConfFolder,
                    TlsFolder,
                    $"{VolumeRoot}/log",
                    LogFolder,
                    PatroniLogFolder,
                    TemporaryFolder,
                    SocketFolder,
                ]
        )
        {
            Directory.CreateDirectory(folder, Private);
        }
    }
}
