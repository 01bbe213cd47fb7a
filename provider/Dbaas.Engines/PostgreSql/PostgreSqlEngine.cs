using System.Collections.Concurrent;
using Dbaas.Engines.PostgreSql.Member;
using Dbaas.Engines.PostgreSql.Parameters;

namespace Dbaas.Engines.PostgreSql;

/// <summary>PostgreSQL, always under Patroni. Immutable; safe to share between threads.</summary>
public sealed class PostgreSqlEngine : IDatabaseEngine
{
    private readonly ConcurrentDictionary<string, ParameterValidation> _validations = new();
    private readonly ConcurrentDictionary<string, ParameterCatalogue> _catalogues = new();

    public string Name => "postgresql";
    public string DisplayName => "PostgreSQL";
    public int Port => 5432;

    /// <summary>Neither a superuser nor able to become one.</summary>
    public string AdminUser => "dbaas_admin";

    /// <remarks>
    /// 0.5 GiB: Patroni (about 60 MiB), agent (25 MiB), 25 connections that work and an eighth for the page cache. End of life as
    /// announced on postgresql.org/support/versioning.
    /// </remarks>
    public IReadOnlyList<EngineVersion> Versions { get; } =
    [
        new EngineVersion("18", Default: true, MinimumMemoryGib: 0.5, new DateOnly(2030, 11, 14)),
        new EngineVersion("17", Default: false, MinimumMemoryGib: 0.5, new DateOnly(2029, 11, 8)),
    ];

    public string CopyTools => "pg_dump and pg_restore";

    public string DefaultDatabase => "postgres";

    public string MajorOf(string version) => Major(version);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The version is not one of <see cref="Versions"/>.</exception>
    public ParameterCatalogue Catalogue(string version) =>
        _catalogues.GetOrAdd(Major(version), PostgreSqlCatalogue.Read);

    public IReadOnlyDictionary<string, string> DeriveSettings(string version, MachineSize size) =>
        SizeDerivedSettings.Derive(size);

    public IReadOnlyDictionary<string, string> EffectiveSettings(
        string version,
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    )
    {
        var catalogue = Catalogue(version).Parameters;
        var validation = Validation(version);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in SizeDerivedSettings.Derive(size))
        {
            settings[name] = value;
        }

        foreach (var (name, value) in parameters)
        {
            // The engine's own spelling, so that one parameter cannot stand in the file twice.
            var known = catalogue.TryGetValue(name, out var parameter) ? parameter.Name : name;
            settings[known] = validation.Normalise(name, value);
        }

        // A server does not start with a setting that its major does not know.
        foreach (
            var (name, value) in ManagedParameters.Values.Where(kept =>
                catalogue.ContainsKey(kept.Key)
            )
        )
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
    /// <remarks>
    /// A restart took 0.24 to 0.51 s in the engine tests, on two cores with other work on them. Of a stop and start the engine took
    /// 0.36 s; the rest is an allowance for the machine, until the platform has measured its own. Growth of a volume and live settings
    /// interrupt nothing.
    /// </remarks>
    public double BenchOutageSeconds(EngineChange change) =>
        change switch
        {
            EngineChange.ParametersLive or EngineChange.GrowStorage or EngineChange.ResizeCpu => 0,
            EngineChange.Restart or EngineChange.ResizeMemory => 0.5,
            EngineChange.StopStart => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
        };

    public IEngineMember CreateMember(MemberEnvironment environment) =>
        new PostgreSqlMember(environment, this);

    private ParameterValidation Validation(string version) =>
        _validations.GetOrAdd(Major(version), major => new ParameterValidation(Catalogue(major)));

    /// <summary>A minor such as 18.1 is a floor of its major and shares its catalogue.</summary>
    private static string Major(string version) => version.Split('.')[0];
}
