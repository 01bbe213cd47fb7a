namespace Dbaas.Engines.MySql.Member;

/// <summary>Where everything of one member lies. All but sockets and process ids is on the encrypted volume.</summary>
internal sealed record MemberPaths(string VolumeRoot, string RunRoot)
{
    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public const string Program = "/usr/sbin/mysqld";

    /// <summary>In the image; made by <c>mysqld --initialize</c> while the image was built, and without any account that can log in.</summary>
    public const string Template = "/usr/share/dbaas/template";

    public string Data => $"{VolumeRoot}/mysql";

    /// <summary>A copy under way; becomes <see cref="Data"/> by a rename.</summary>
    public string DataInMaking => $"{VolumeRoot}/mysql.new";

    /// <summary>Exists once the copied data directory is safely on disk. Before, nobody was told that the database exists.</summary>
    public string Durable => $"{AgentFolder}/durable";
    public string AgentFolder => $"{VolumeRoot}/agent";

    /// <summary>Room held back for a recovery on a full volume.</summary>
    public string BallastFile => $"{AgentFolder}/ballast";
    public string SpecFile => $"{AgentFolder}/spec.json";
    public string ConfFolder => $"{VolumeRoot}/conf";

    /// <summary>The one place where the engine's settings stand.</summary>
    public string OptionFile => $"{ConfFolder}/my.cnf";

    /// <summary>Statements that the server runs before it takes connections: the accounts without which nobody could come in.</summary>
    public string InitFile => $"{ConfFolder}/init.sql";

    /// <summary>Settings that the running server has, so that a difference to the wanted ones can be named.</summary>
    public string LiveSettingsFile => $"{AgentFolder}/settings.live.json";

    /// <summary>Settings with which the server last started; what a failed restart falls back to.</summary>
    public string ProvenSettingsFile => $"{AgentFolder}/settings.proven.json";
    public string TlsFolder => $"{ConfFolder}/tls";
    public string LogFolder => $"{VolumeRoot}/log/mysql";
    public string ErrorLog => $"{LogFolder}/error.log";

    /// <summary>What the server writes before it has opened its log, most of all why it could not start.</summary>
    public string StartLog => $"{LogFolder}/start.log";
    public string SlowLog => $"{LogFolder}/slow.log";
    public string GeneralLog => $"{LogFolder}/general.log";
    public string TemporaryFolder => $"{VolumeRoot}/tmp";
    public string SocketFolder => $"{RunRoot}/mysql";
    public string Socket => $"{SocketFolder}/mysqld.sock";
    public string PidFile => $"{SocketFolder}/mysqld.pid";

    /// <summary>Says that the engine should run, and in which life of the machine that was asked.</summary>
    public string DesiredFile => $"{RunRoot}/engine.desired";

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
                    TemporaryFolder,
                    SocketFolder,
                ]
        )
        {
            Directory.CreateDirectory(folder, Private);
        }
    }
}
