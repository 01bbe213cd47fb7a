namespace Dbaas.Engines.MariaDb.Member;

/// <summary>Where everything of one member lies. All but sockets and process ids is on the encrypted volume.</summary>
internal sealed record MariaDbPaths(string VolumeRoot, string RunRoot)
{
    public const string Program = "/usr/sbin/mariadbd";

    /// <summary>In the image; made while it was built.</summary>
    public const string Template = "/usr/share/dbaas/template";

    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Data => $"{VolumeRoot}/mariadb";
    public string DataInMaking => $"{VolumeRoot}/mariadb.new";

    /// <summary>Exists once the copied data directory is safely on disk. Before, nobody was told that the database exists.</summary>
    public string Durable => $"{Agent}/durable";
    public string Agent => $"{VolumeRoot}/agent";
    public string SpecFile => $"{Agent}/spec.json";
    public string OptionFile => $"{Agent}/my.cnf";

    /// <summary>Run by the server at each start, before it takes connections: the agent's own account.</summary>
    public string InitFile => $"{Agent}/init.sql";
    public string Tls => $"{VolumeRoot}/tls";
    public string Log => $"{VolumeRoot}/log";
    public string StartLog => $"{Log}/start.log";
    public string Temporary => $"{VolumeRoot}/tmp";
    public string SocketFolder => $"{RunRoot}/mariadb";
    public string Socket => $"{SocketFolder}/mariadbd.sock";
    public string PidFile => $"{SocketFolder}/mariadbd.pid";

    /// <summary>Says that the engine should run, and in which life of the machine that was asked.</summary>
    public string DesiredFile => $"{RunRoot}/engine.desired";

    public void CreateFolders()
    {
        foreach (var folder in (string[])[Agent, Tls, Log, Temporary, SocketFolder])
        {
            Directory.CreateDirectory(folder, Private);
        }
    }
}
