using System.Text.Json;
using Dbaas.Engines.MySql.Parameters;

namespace Dbaas.Engines.MySql;

/// <summary>Reads the checked-in catalogue of one version and adds what the platform keeps for itself.</summary>
internal static class MySqlCatalogue
{
    /// <exception cref="ArgumentOutOfRangeException">No such version.</exception>
    public static ParameterCatalogue Read(string version)
    {
        using var stream =
            typeof(MySqlCatalogue).Assembly.GetManifestResourceStream($"catalogue/mysql/{version}")
            ?? throw new ArgumentOutOfRangeException(
                nameof(version),
                version,
                "No catalogue for this MySQL version."
            );
        var file = JsonSerializer.Deserialize(stream, CatalogueJson.Default.CatalogueFile)!;
        return new ParameterCatalogue(
            file.Engine,
            file.Version,
            // Names are case-insensitive, and in option files a dash is an underscore; the reader of names sees to the latter.
            file.Parameters.ToDictionary(
                entry => entry.Name,
                Describe,
                StringComparer.OrdinalIgnoreCase
            )
        )
        {
            ReadFrom = file.ReadFrom,
        };
    }

    private static Parameter Describe(CatalogueEntry entry)
    {
        var reason =
            ManagedParameters.ReasonFor(entry.Name)
            ?? (
                entry.Context == "internal"
                    ? "It shows how the server was built or what it does and cannot be set."
                    : ""
            );
        return new Parameter
        {
            Name = entry.Name,
            Type = entry.Type,
            Unit = MemoryParameters.IsBytes(entry) ? "B" : "",
            Minimum = entry.Minimum,
            Maximum = entry.Maximum,
            Values = entry.Values,
            Default = entry.Default,
            RestartRequired = entry.Context != "dynamic",
            Managed = reason.Length > 0,
            ManagedReason = reason,
            Description = entry.Description,
        };
    }
}
