using System.Globalization;
using System.Text.Json;

namespace Dbaas.Engines.MariaDb;

/// <summary>The checked-in catalogue of one series, what the platform keeps of it, and the judgement of a user's values.</summary>
internal sealed class MariaDbParameters(ParameterCatalogue catalogue)
{
    /// <summary>Values that hold in every instance; a user who sets one is refused.</summary>
    public static IReadOnlyDictionary<string, string> Kept { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["require_secure_transport"] = "ON",
            ["tls_version"] = "TLSv1.3",
            ["innodb_flush_log_at_trx_commit"] = "1",
            ["innodb_doublewrite"] = "ON",
            ["local_infile"] = "OFF",
            ["skip_name_resolve"] = "ON",
        };

    private static readonly HashSet<string> s_managed = new(
        [
            .. Kept.Keys,
            "bind_address",
            "datadir",
            "basedir",
            "init_file",
            "log_error",
            "pid_file",
            "plugin_dir",
            "port",
            "secure_file_priv",
            "socket",
            "ssl_ca",
            "ssl_capath",
            "ssl_cert",
            "ssl_cipher",
            "ssl_crl",
            "ssl_crlpath",
            "ssl_key",
            "tmpdir",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    public ParameterCatalogue Catalogue => catalogue;

    /// <exception cref="ArgumentOutOfRangeException">No such series.</exception>
    public static MariaDbParameters Read(string series)
    {
        using var stream =
            typeof(MariaDbParameters).Assembly.GetManifestResourceStream(
                $"catalogue/mariadb/{series}"
            )
            ?? throw new ArgumentOutOfRangeException(
                nameof(series),
                series,
                "No catalogue for this MariaDB version."
            );
        var file = JsonSerializer.Deserialize(stream, CatalogueJson.Default.CatalogueFile)!;
        return new MariaDbParameters(
            new ParameterCatalogue(
                file.Engine,
                file.Version,
                file.Parameters.ToDictionary(
                    entry => entry.Name,
                    Describe,
                    StringComparer.OrdinalIgnoreCase
                )
            )
            {
                ReadFrom = file.ReadFrom,
            }
        );
    }

    public IReadOnlyList<ParameterProblem> Validate(
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    )
    {
        List<ParameterProblem> problems = [];
        foreach (var (name, value) in parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (Check(name, value, size) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    /// <summary>Numbers without suffix, switches as ON and OFF; what cannot be understood comes back as it is.</summary>
    public string Normalise(string name, string value) =>
        !catalogue.Parameters.TryGetValue(name, out var parameter) ? value
        : parameter.Type == "bool"
            ? value.ToUpperInvariant() switch
            {
                "ON" or "TRUE" or "1" or "YES" => "ON",
                "OFF" or "FALSE" or "0" or "NO" => "OFF",
                _ => value,
            }
        : parameter.Type == "enum"
            ? parameter.Values.FirstOrDefault(one =>
                one.Equals(value, StringComparison.OrdinalIgnoreCase)
            ) ?? value
        : parameter.Type is "integer" or "real" && Number(value) is { } number
            ? number.ToString(CultureInfo.InvariantCulture)
        : value;

    private ParameterProblem? Check(string name, string value, MachineSize size)
    {
        if (!catalogue.Parameters.TryGetValue(name, out var parameter))
        {
            return new ParameterProblem(
                name,
                "parameter.unknown",
                $"MariaDB {catalogue.Version} has no parameter of this name.",
                NearestName.Find(name, catalogue.Parameters.Keys)
                    ?? "a name of the engine's catalogue"
            );
        }

        if (parameter.Managed)
        {
            return new ParameterProblem(
                name,
                "parameter.managed",
                $"{parameter.Name} is kept by the platform. {parameter.ManagedReason}",
                "leave it out"
            );
        }

        var canonical = Normalise(name, value);
        return parameter.Type switch
        {
            "bool" when canonical is not ("ON" or "OFF") => Wrong(name, "ON or OFF"),
            "enum" when !parameter.Values.Contains(canonical) => Wrong(
                name,
                string.Join(", ", parameter.Values)
            ),
            "integer" or "real" when Number(value) is not { } number => Wrong(name, "a number"),
            "integer" or "real" when Outside(parameter, Number(value)!.Value) =>
                new ParameterProblem(
                    name,
                    "parameter.range",
                    $"{parameter.Name} is out of range.",
                    $"{parameter.Minimum} to {parameter.Maximum}"
                ),
            "integer"
                when parameter.Name == "innodb_buffer_pool_size"
                    && Number(value) > size.MemoryBytes / 2 => new ParameterProblem(
                name,
                "parameter.range",
                "innodb_buffer_pool_size is more than half of the machine's memory.",
                $"at most {size.MemoryBytes / 2}"
            ),
            _ when value.Contains('\n', StringComparison.Ordinal) => Wrong(name, "one line"),
            _ => null,
        };
    }

    private static ParameterProblem Wrong(string name, string allowed) =>
        new(name, "parameter.type", $"The value of {name} cannot be understood.", allowed);

    private static bool Outside(Parameter parameter, decimal number) =>
        (Number(parameter.Minimum) is { } least && number < least)
        || (Number(parameter.Maximum) is { } most && number > most);

    // A suffix is a power of 1024 (MariaDB documentation, "Option Files").
    private static decimal? Number(string text)
    {
        var factor =
            text.Length == 0
                ? 1
                : char.ToUpperInvariant(text[^1]) switch
                {
                    'K' => 1024m,
                    'M' => 1024m * 1024,
                    'G' => 1024m * 1024 * 1024,
                    _ => 1,
                };
        return decimal.TryParse(
            factor == 1 ? text : text[..^1],
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number * factor
            : null;
    }

    private static Parameter Describe(CatalogueEntry entry)
    {
        var managed = s_managed.Contains(entry.Name) || entry.Context == "internal";
        return new Parameter
        {
            Name = entry.Name,
            Type = entry.Type,
            Minimum = entry.Minimum,
            Maximum = entry.Maximum,
            Values = entry.Values,
            Default = entry.Default,
            RestartRequired = entry.Context != "dynamic",
            Managed = managed,
            ManagedReason = managed
                ? "It decides where the server keeps its files, how it is reached, or whether acknowledged writes last."
                : "",
            Description = entry.Description,
        };
    }
}
