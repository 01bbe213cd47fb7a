namespace Dbaas.Engines.Members;

/// <summary>Where what every engine's member has lies. All but sockets and process ids is on the encrypted volume.</summary>
/// <param name="VolumeRoot">Where the volume is mounted.</param>
/// <param name="RunRoot">A tmpfs of the machine.</param>
internal abstract record MemberFolders(string VolumeRoot, string RunRoot)
{
    /// <summary>In the image; an initialised data directory, made while the image was built.</summary>
    public const string Template = "/usr/share/dbaas/template";

    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The server's data directory.</summary>
    public abstract string Data { get; }

    /// <summary>A copy under way; becomes <see cref="Data"/> by a rename.</summary>
    public string DataInMaking => $"{Data}.new";

    /// <summary>The server's own log files.</summary>
    public abstract string LogFolder { get; }

    /// <summary>The server's socket and process id.</summary>
    public abstract string SocketFolder { get; }

    public string AgentFolder => $"{VolumeRoot}/agent";

    /// <summary>Exists once the copied data directory is safely on disk. Before, nobody was told that the database exists.</summary>
    public string Durable => $"{AgentFolder}/durable";
    public string SpecFile => $"{AgentFolder}/spec.json";

    /// <summary>Exists while the server may not have read its files as they are (<see cref="UnreadFiles"/>).</summary>
    public string UnreadFile => $"{AgentFolder}/unread";

    /// <summary>Room held back for a recovery on a full volume.</summary>
    public string BallastFile => $"{AgentFolder}/ballast";

    /// <summary>Settings with which the server last started; what a failed restart falls back to.</summary>
    public string ProvenSettingsFile => $"{AgentFolder}/settings.proven.json";
    public string ConfFolder => $"{VolumeRoot}/conf";
    public string TlsFolder => $"{ConfFolder}/tls";
    public string TemporaryFolder => $"{VolumeRoot}/tmp";

    /// <summary>What the server writes before its log is open, most of all why it could not start.</summary>
    public string StartLog => $"{LogFolder}/start.log";

    /// <summary>Says that the engine should run, and in which life of the machine that was asked.</summary>
    public string DesiredFile => $"{RunRoot}/engine.desired";

    /// <summary>Makes what is missing of them; only the member may enter.</summary>
    public virtual void CreateFolders() =>
        Create(
            AgentFolder,
            ConfFolder,
            TlsFolder,
            $"{VolumeRoot}/log",
            LogFolder,
            TemporaryFolder,
            SocketFolder
        );

    protected static void Create(params IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(folder, Private);
        }
    }
}
