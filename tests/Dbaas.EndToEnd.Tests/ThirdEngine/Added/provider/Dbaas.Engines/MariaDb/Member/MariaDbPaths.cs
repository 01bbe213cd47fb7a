using Dbaas.Engines.Members;

namespace Dbaas.Engines.MariaDb.Member;

/// <inheritdoc/>
internal sealed record MariaDbPaths(string VolumeRoot, string RunRoot)
    : MemberFolders(VolumeRoot, RunRoot)
{
    public const string Program = "/usr/sbin/mariadbd";

    public override string Data => $"{VolumeRoot}/mariadb";
    public override string LogFolder => $"{VolumeRoot}/log/mariadb";
    public override string SocketFolder => $"{RunRoot}/mariadb";
    public string OptionFile => $"{ConfFolder}/my.cnf";

    /// <summary>Run by the server at each start, before it takes connections: the agent's own account.</summary>
    public string InitFile => $"{ConfFolder}/init.sql";
    public string Socket => $"{SocketFolder}/mariadbd.sock";
    public string PidFile => $"{SocketFolder}/mariadbd.pid";
}
