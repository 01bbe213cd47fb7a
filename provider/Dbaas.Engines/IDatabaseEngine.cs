using Dbaas.Protocol.Agent;

namespace Dbaas.Engines;

/// <summary>
/// All that the platform knows about one engine. Nothing outside the engine's folder asks which engine it is.
/// This half is pure knowledge and is used by the control service; <see cref="IEngineMember"/> acts inside a machine.
/// Implementations are immutable and safe to share between threads.
/// </summary>
public interface IDatabaseEngine
{
    /// <summary>Name in schema.json's enum, e.g. <c>postgresql</c>.</summary>
    string Name { get; }

    /// <summary>Name for people, e.g. PostgreSQL.</summary>
    string DisplayName { get; }

    /// <summary>The engine's usual port; every endpoint has it.</summary>
    int Port { get; }

    /// <summary>Majors that can be provisioned, newest first.</summary>
    IReadOnlyList<EngineVersion> Versions { get; }

    /// <summary>
    /// The part of a version that names one of <see cref="Versions"/>: 18 of 18.1, 9.7 of 9.7.4. What follows is a floor within it. A
    /// version without it comes back as it is.
    /// </summary>
    string MajorOf(string version);

    /// <summary>The engine's own programs that carry data from one major to another, as a refused upgrade names them.</summary>
    string CopyTools { get; }

    /// <summary>The database that clients open when none is named and none was declared; empty when the engine needs none.</summary>
    string DefaultDatabase { get; }

    /// <summary>The login role users get.</summary>
    string AdminUser { get; }

    /// <summary>Parameters of one major version with type, range, unit and whether a restart is needed.</summary>
    ParameterCatalogue Catalogue(string version);

    /// <summary>Settings that follow from the machine's size; the user's parameters override them where allowed.</summary>
    IReadOnlyDictionary<string, string> DeriveSettings(string version, MachineSize size);

    /// <summary>
    /// The effective settings of a member: derived, then the user's (normalised), then those the platform keeps.
    /// </summary>
    IReadOnlyDictionary<string, string> EffectiveSettings(
        string version,
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    );

    /// <summary>Checks a parameter set against catalogue and size. Empty when all is well.</summary>
    IReadOnlyList<ParameterProblem> ValidateParameters(
        string version,
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    );

    /// <summary>
    /// The canonical spelling of one parameter's value, so that two spellings of one value compare equal (<c>7MB</c> and
    /// <c>7168kB</c>, <c>yes</c> and <c>on</c>). A value or name that the catalogue does not understand comes back as it is;
    /// <see cref="ValidateParameters"/> says what is wrong with it.
    /// </summary>
    string Normalise(string version, string name, string value);

    /// <summary>Null when the name may be used for a database, else what is wrong and what is allowed.</summary>
    string? RefuseDatabaseName(string name);

    /// <summary>
    /// Expected write outage of a change in seconds from this engine's bench figures; used until the platform has measured its own.
    /// </summary>
    double BenchOutageSeconds(EngineChange change);

    /// <summary>The half that runs inside a machine.</summary>
    IEngineMember CreateMember(MemberEnvironment environment);
}

/// <param name="Major">e.g. 18</param>
/// <param name="Default">Chosen when the user names none.</param>
/// <param name="MinimumMemoryGib">Proven under load, see docs.</param>
/// <param name="EndOfLife">Community support ends; null when not announced.</param>
public sealed record EngineVersion(
    string Major,
    bool Default,
    double MinimumMemoryGib,
    DateOnly? EndOfLife
);

/// <param name="Cpu">Cores.</param>
/// <param name="MemoryBytes">The machine's hard limit.</param>
/// <param name="StorageBytes">The volume's size.</param>
public sealed record MachineSize(double Cpu, long MemoryBytes, long StorageBytes);

/// <summary>Kinds of change that may interrupt writes.</summary>
public enum EngineChange
{
    ParametersLive,
    Restart,
    ResizeCpu,
    ResizeMemory,
    GrowStorage,
    StopStart,
}

/// <param name="Name">The parameter as the user wrote it.</param>
/// <param name="Code">Stable: parameter.unknown, parameter.managed, parameter.type, parameter.range, parameter.unit.</param>
/// <param name="Message">In words.</param>
/// <param name="Allowed">What would be right, e.g. "100 to 262143" or the nearest known name.</param>
public sealed record ParameterProblem(string Name, string Code, string Message, string Allowed);

/// <summary>Where an engine finds its files inside the machine.</summary>
public sealed record MemberEnvironment
{
    /// <summary>Mount point of the encrypted volume; data, log, temporary files and keys all live below it.</summary>
    public string VolumeRoot { get; init; } = "/data";

    /// <summary>A tmpfs for sockets and pid files.</summary>
    public string RunRoot { get; init; } = "/run/dbaas";

    public required TimeProvider Time { get; init; }

    /// <summary>Writes one structured line to the agent's log; never called with secrets.</summary>
    public required Action<string> Log { get; init; }
}

/// <summary>The engine inside one machine. Called by one caller at a time, except <see cref="HealthAsync"/> and the log.</summary>
public interface IEngineMember
{
    /// <summary>Initialises an empty volume, starts the engine and converges it to the specification. Repeatable.</summary>
    Task<ApplyResult> StartAsync(MemberSpec spec, CancellationToken cancellationToken);

    /// <summary>Converges a running engine without restarting it.</summary>
    Task<ApplyResult> ApplyAsync(MemberSpec spec, CancellationToken cancellationToken);

    Task<ApplyResult> RestartAsync(CancellationToken cancellationToken);
    Task<ApplyResult> StopAsync(CancellationToken cancellationToken);

    /// <summary>Takes back an engine that already runs (the agent was replaced or killed); does nothing when none does.</summary>
    Task AdoptAsync(CancellationToken cancellationToken);

    /// <summary>Answers at once from what was last observed, at most a second old.</summary>
    Task<AgentHealth> HealthAsync(CancellationToken cancellationToken);
    Task<EngineLog> LogAsync(int lines, CancellationToken cancellationToken);
    Task<EngineMetrics> MetricsAsync(CancellationToken cancellationToken);
}
