using Dbaas.Engines.Members;

namespace Dbaas.Engines.PostgreSql.Member;

/// <inheritdoc/>
internal sealed record MemberPaths(string VolumeRoot, string RunRoot)
    : MemberFolders(VolumeRoot, RunRoot)
{
    public override string Data => $"{VolumeRoot}/pgdata";
    public override string LogFolder => $"{VolumeRoot}/log/postgresql";
    public override string SocketFolder => $"{RunRoot}/postgresql";

    /// <summary>The one place where the engine's settings stand.</summary>
    public string SettingsFile => $"{ConfFolder}/dbaas.conf";
    public string PatroniFile => $"{ConfFolder}/patroni.yml";

    /// <summary>Exists while Patroni may not have read its files as they are (<see cref="UnreadFiles"/>).</summary>
    public string PatroniUnreadFile => $"{AgentFolder}/unread.patroni";
    public string PatroniLogFolder => $"{VolumeRoot}/log/patroni";
    public string PatroniPidFile => $"{RunRoot}/patroni.pid";
    public string PassFile => $"{RunRoot}/pgpass";
    public string PostmasterPidFile => $"{Data}/postmaster.pid";
    public string ControlFile => $"{Data}/global/pg_control";

    public static string Binaries(string major) => $"/usr/lib/postgresql/{major}/bin";

    public override void CreateFolders()
    {
        base.CreateFolders();
        Create(PatroniLogFolder);
    }
}
