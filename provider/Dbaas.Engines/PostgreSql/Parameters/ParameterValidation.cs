using System.Globalization;

namespace Dbaas.Engines.PostgreSql.Parameters;

/// <summary>Checks a user's parameters against the catalogue, the platform's own and the machine's size.</summary>
internal sealed class ParameterValidation(ParameterCatalogue catalogue)
{
    /// <summary>Problems in the order of the names; empty when all is well.</summary>
    public IReadOnlyList<ParameterProblem> Validate(
        MachineSize size,
        IReadOnlyDictionary<string, string> parameters
    )
    {
        List<ParameterProblem> problems = [];
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (Check(name, text, size) is { } problem)
            {
                problems.Add(problem);
            }
            else if (!seen.Add(name))
            {
                problems.Add(
                    new ParameterProblem(
                        name,
                        "parameter.type",
                        "The same parameter is given twice; names do not differ by case.",
                        "one spelling"
                    )
                );
            }
        }

        if (problems.Count == 0)
        {
            var effective = new Dictionary<string, string>(
                SizeDerivedSettings.Derive(size),
                StringComparer.OrdinalIgnoreCase
            );
            foreach (var (name, text) in parameters)
            {
                effective[name] = Normalise(name, text);
            }

            problems.AddRange(
                SizeBounds.CheckTogether(
                    name => Number(effective.GetValueOrDefault(name), name),
                    name => parameters.Keys.Contains(name, StringComparer.OrdinalIgnoreCase),
                    size
                )
            );
        }

        return problems;
    }

    /// <summary>Canonical spelling, or the text itself when it cannot be understood.</summary>
    public string Normalise(string name, string text) =>
        catalogue.Parameters.TryGetValue(name, out var parameter)
        && ParameterValueReader.Read(parameter, text, out var value) is null
            ? value.Canonical
            : text;

    private ParameterProblem? Check(string name, string text, MachineSize size)
    {
        if (!catalogue.Parameters.TryGetValue(name, out var parameter))
        {
            var nearest = NearestName.Find(
                name,
                catalogue.Parameters.Values.Where(p => !p.Managed).Select(p => p.Name)
            );
            // A managed parameter of an older or newer major is still ours, and saying so helps more than "unknown".
            return ManagedParameters.ReasonFor(name) is { } gone
                ? new ParameterProblem(name, "parameter.managed", gone, "leave it out")
                : new ParameterProblem(
                    name,
                    "parameter.unknown",
                    $"PostgreSQL {catalogue.Version} has no parameter of this name.",
                    nearest is null ? "a name of the engine's catalogue" : nearest
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

        return ParameterValueReader.Read(parameter, text, out var value) is { } refusal
                ? new ParameterProblem(name, refusal.Code, refusal.Message, refusal.Allowed)
            : SizeBounds.Check(parameter, value, size) is { } problem ? problem with { Name = name }
            : null;
    }

    private double Number(string? canonical, string name) =>
        double.Parse(canonical ?? catalogue.Parameters[name].Default, CultureInfo.InvariantCulture);
}
