using Dbaas.Engines.Members;

namespace Dbaas.Engines.MySql.Member;

/// <inheritdoc/>
internal sealed record MemberPaths(string VolumeRoot, string RunRoot)
    : MemberFolders(VolumeRoot, RunRoot)
{
    public const string Program = "/usr/sbin/mysqld";
    private const string SharedMemory = "/dev/shm";

    public override string Data => $"{VolumeRoot}/mysql";
    public override string LogFolder => $"{VolumeRoot}/log/mysql";
    public override string SocketFolder => $"{RunRoot}/mysql";

    /// <summary>The one place where the engine's settings stand.</summary>
    public string OptionFile => $"{ConfFolder}/my.cnf";

    /// <summary>Statements that the server runs before it takes connections: the accounts without which nobody could come in.</summary>
    public string InitFile => $"{ConfFolder}/init.sql";

    /// <summary>Settings that the running server has, so that a difference to the wanted ones can be named.</summary>
    public string LiveSettingsFile => $"{AgentFolder}/settings.live.json";
    public string ErrorLog => $"{LogFolder}/error.log";
    public string SlowLog => $"{LogFolder}/slow.log";
    public string GeneralLog => $"{LogFolder}/general.log";
    public string Socket => $"{SocketFolder}/mysqld.sock";
    public string PidFile => $"{SocketFolder}/mysqld.pid";

    /// <summary>
    /// The server makes this tablespace anew at every start and writes all of its first 12 MiB, the least it takes ("innodb_temp_data_file_path"
    /// in the manual), with a flush. In memory that costs nothing; on the encrypted volume it held every start up by 0.13 to 0.45 s (ADR
    /// 0158). What it grows by lies on the volume. Paths are relative to the data directory.
    /// </summary>
    public string TemporaryTablespace =>
        $"{Path.GetRelativePath(Data, SharedMemory)}/ibtmp0:12M;ibtmp1:1M:autoextend";
}
