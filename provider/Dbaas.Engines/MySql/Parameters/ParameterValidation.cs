namespace Dbaas.Engines.MySql.Parameters;

/// <summary>Checks a user's parameters against the catalogue, the platform's own and the machine's size.</summary>
internal sealed class ParameterValidation(ParameterCatalogue catalogue)
{
    /// <summary>The parameter of that name; case does not matter, and a dash is an underscore, as in option files.</summary>
    public Parameter? Find(string name) =>
        catalogue.Parameters.GetValueOrDefault(name.Replace('-', '_'));

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
            else if (!seen.Add(name.Replace('-', '_')))
            {
                problems.Add(
                    new ParameterProblem(
                        name,
                        "parameter.type",
                        "The same parameter is given twice; names differ neither by case nor by dash and underscore.",
                        "one spelling"
                    )
                );
            }
        }

        return problems;
    }

    /// <summary>Canonical spelling, or the text itself when it cannot be understood.</summary>
    public string Normalise(string name, string text) =>
        Find(name) is { } parameter && ValueReader.Read(parameter, text, out var canonical) is null
            ? canonical
            : text;

    private ParameterProblem? Check(string name, string text, MachineSize size)
    {
        if (Find(name) is not { } parameter)
        {
            // A managed parameter of an older or newer version is still ours, and saying so helps more than "unknown".
            return ManagedParameters.ReasonFor(name.Replace('-', '_')) is { } gone
                ? new ParameterProblem(name, "parameter.managed", gone, "leave it out")
                : new ParameterProblem(
                    name,
                    "parameter.unknown",
                    $"MySQL {catalogue.Version} has no parameter of this name.",
                    NearestName.Find(
                        name,
                        catalogue.Parameters.Values.Where(p => !p.Managed).Select(p => p.Name)
                    ) ?? "a name of the engine's catalogue"
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

        return ValueReader.Read(parameter, text, out var canonical) is { } refusal
                ? new ParameterProblem(name, refusal.Code, refusal.Message, refusal.Allowed)
            : SizeBounds.Check(parameter, canonical, size) is { } problem
                ? problem with
                {
                    Name = name,
                }
            : null;
    }
}
