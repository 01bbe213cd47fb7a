using System.Collections.Concurrent;
using Dbaas.Engines.MySql.Member;
using Dbaas.Engines.MySql.Parameters;

namespace Dbaas.Engines.MySql;

/// <summary>Oracle's MySQL, always in a replication group. Immutable; safe to share between threads.</summary>
public sealed class MySqlEngine : IDatabaseEngine
{
    private readonly ConcurrentDictionary<string, ParameterValidation> _validations = new();
    private readonly ConcurrentDictionary<string, ParameterCatalogue> _catalogues = new();

    public string Name => "mysql";
    public string DisplayName => "MySQL";
    public int Port => 3306;

    /// <summary>Has no SYSTEM_USER and cannot get it.</summary>
    public string AdminUser => "dbaas_admin";

    /// <remarks>Minimum memory: ADR 0092. End of life: Oracle's lifetime support policy gives long-term releases eight years.</remarks>
    public IReadOnlyList<EngineVersion> Versions { get; } =
    [new EngineVersion("9.7", Default: true, MinimumMemoryGib: 1, new DateOnly(2034, 4, 30))];

    public string CopyTools => "mysqldump and mysql";

    /// <summary>None: a session needs no database, and the server's own are no place for tables.</summary>
    public string DefaultDatabase => "";

    public string MajorOf(string version) => Series(version);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The version is not one of <see cref="Versions"/>.</exception>
    public ParameterCatalogue Catalogue(string version) =>
        _catalogues.GetOrAdd(Series(version), MySqlCatalogue.Read);

    public IReadOnlyDictionary<string, string> DeriveSettings(string version, MachineSize size) =>
        SizeDerivedSettings.Derive(size);

    public IReadOnlyDictionary<string, string> EffectiveSettings(
        string version,
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    )
    {
        var validation = Validation(version);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in SizeDerivedSettings.Derive(size))
        {
            settings[name] = value;
        }

        foreach (var (name, value) in parameters)
        {
            // The engine's own spelling, so that one parameter cannot stand in the file twice.
            settings[validation.Find(name)?.Name ?? name] = validation.Normalise(name, value);
        }

        foreach (var (name, value) in ManagedParameters.Values)
        {
            settings[name] = value;
        }

        return settings;
    }

    public IReadOnlyList<ParameterProblem> ValidateParameters(
        string version,
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    ) => Validation(version).Validate(size, parameters);

    public string Normalise(string version, string name, string value) =>
        Validation(version).Normalise(name, value);

    public string? RefuseDatabaseName(string name) => DatabaseNames.Refuse(name);

    /// <inheritdoc/>
    /// <remarks>A restart took 7.5 s in the engine tests, 6 of them for the stop, which waits for the group; the machine's own share of a stop and start is an allowance.</remarks>
    public double BenchOutageSeconds(EngineChange change) =>
        change switch
        {
            EngineChange.ParametersLive or EngineChange.GrowStorage or EngineChange.ResizeCpu => 0,
            EngineChange.Restart or EngineChange.ResizeMemory => 2,
            EngineChange.StopStart => 12,
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
        };

    public IEngineMember CreateMember(MemberEnvironment environment) =>
        new MySqlMember(environment, this);

    private ParameterValidation Validation(string version) =>
        _validations.GetOrAdd(
            Series(version),
            series => new ParameterValidation(Catalogue(series))
        );

    /// <summary>A patch release such as 9.7.4 is a floor of its series 9.7 and shares its catalogue.</summary>
    private static string Series(string version) => string.Join('.', version.Split('.').Take(2));
}
