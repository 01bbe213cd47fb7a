using Dbaas.Engines.Members;

namespace Dbaas.Engines.MySql.Member;

/// <inheritdoc/>
internal sealed record MemberPaths(string VolumeRoot, string RunRoot)
    : MemberFolders(VolumeRoot, RunRoot)
{
    public const string Program = "/usr/sbin/mysqld";

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
}
