using System.Collections.Concurrent;
using System.Globalization;
using Dbaas.Engines.MariaDb.Member;

namespace Dbaas.Engines.MariaDb;

/// <summary>MariaDB, one server a machine. Immutable; safe to share between threads.</summary>
public sealed class MariaDbEngine : IDatabaseEngine
{
    private const long MiB = 1024 * 1024;
    private readonly ConcurrentDictionary<string, MariaDbParameters> _parameters = new();

    public string Name => "mariadb";
    public string DisplayName => "MariaDB";
    public int Port => 3306;
    public string AdminUser => "dbaas_admin";
    public string DefaultDatabase => "";
    public string CopyTools => "mariadb-dump and mariadb";

    /// <remarks>0.5 GiB: the server idles at 100 MiB, a third is the buffer pool. End of life: mariadb.org/about/#maintenance-policy.</remarks>
    public IReadOnlyList<EngineVersion> Versions { get; } =
    [new EngineVersion("11.8", Default: true, MinimumMemoryGib: 0.5, new DateOnly(2028, 6, 4))];

    /// <summary>11.8.3 is a floor of the series 11.8.</summary>
    public string MajorOf(string version) => string.Join('.', version.Split('.').Take(2));

    public ParameterCatalogue Catalogue(string version) => Parameters(version).Catalogue;

    public IReadOnlyDictionary<string, string> DeriveSettings(string version, MachineSize size) =>
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["innodb_buffer_pool_size"] = Text(size.MemoryBytes / 3 / MiB * MiB),
            ["innodb_log_file_size"] = Text(
                Math.Clamp(size.StorageBytes / 20, 16 * MiB, 1024 * MiB)
            ),
            // A connection that works costs about 3 MiB beyond the shared buffers.
            ["max_connections"] = Text(Math.Clamp(size.MemoryBytes / (8 * MiB), 25, 1000)),
        };

    public IReadOnlyDictionary<string, string> EffectiveSettings(
        string version,
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    )
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in DeriveSettings(version, size))
        {
            settings[name] = value;
        }

        foreach (var (name, value) in parameters)
        {
            settings[name.ToLowerInvariant()] = Normalise(version, name, value);
        }

        foreach (var (name, value) in MariaDbParameters.Kept)
        {
            settings[name] = value;
        }

        return settings;
    }

    public IReadOnlyList<ParameterProblem> ValidateParameters(
        string version,
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    ) => Parameters(version).Validate(size, parameters);

    public string Normalise(string version, string name, string value) =>
        Parameters(version).Normalise(name, value);

    public string? RefuseDatabaseName(string name) =>
        name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_')
            ? "A database's name has 1 to 64 letters, digits and underscores."
        : name is "mysql" or "sys" or "information_schema" or "performance_schema"
            ? $"\"{name}\" is reserved; choose another name."
        : null;

    public double BenchOutageSeconds(EngineChange change) =>
        change switch
        {
            EngineChange.ParametersLive or EngineChange.GrowStorage or EngineChange.ResizeCpu => 0,
            EngineChange.Restart or EngineChange.ResizeMemory => 3,
            EngineChange.StopStart => 6,
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
        };

    public IEngineMember CreateMember(MemberEnvironment environment) =>
        new MariaDbMember(environment, this);

    private MariaDbParameters Parameters(string version) =>
        _parameters.GetOrAdd(MajorOf(version), MariaDbParameters.Read);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
