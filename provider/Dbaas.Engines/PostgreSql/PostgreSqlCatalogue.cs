using System.Text.Json;
using Dbaas.Engines.PostgreSql.Parameters;

namespace Dbaas.Engines.PostgreSql;

/// <summary>Reads the checked-in catalogue of one major version and adds what the platform keeps for itself.</summary>
internal static class PostgreSqlCatalogue
{
    /// <exception cref="ArgumentOutOfRangeException">No such major version.</exception>
    public static ParameterCatalogue Read(string major)
    {
        using var stream =
            typeof(PostgreSqlCatalogue).Assembly.GetManifestResourceStream(
                $"catalogue/postgresql/{major}"
            )
            ?? throw new ArgumentOutOfRangeException(
                nameof(major),
                major,
                "No catalogue for this PostgreSQL version."
            );
        var file = JsonSerializer.Deserialize(stream, CatalogueJson.Default.CatalogueFile)!;
        return new ParameterCatalogue(
            file.Engine,
            file.Version,
            // Parameter names are case-insensitive in PostgreSQL (guc.c, guc_name_compare).
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
                    ? "It shows how the server was built or initialised and cannot be set."
                    : ""
            );
        return new Parameter
        {
            Name = entry.Name,
            Type = entry.Type,
            Unit = entry.Unit,
            Minimum = entry.Minimum,
            Maximum = entry.Maximum,
            Values = entry.Values,
            Default = entry.Default,
            RestartRequired = entry.Context == "postmaster",
            Managed = reason.Length > 0,
            ManagedReason = reason,
            Description = entry.Description,
        };
    }
}
