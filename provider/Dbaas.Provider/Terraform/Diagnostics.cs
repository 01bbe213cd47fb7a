using Dbaas.Client.Planning;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>What users read when something is refused, failed or worth knowing.</summary>
internal static class Diagnostics
{
    public static Diagnostic Error(
        string summary,
        string detail,
        AttributePath? attribute = null
    ) => Of(Diagnostic.Types.Severity.Error, summary, detail, attribute);

    public static Diagnostic Warning(
        string summary,
        string detail,
        AttributePath? attribute = null
    ) => Of(Diagnostic.Types.Severity.Warning, summary, detail, attribute);

    /// <summary>A refusal or a failed operation, with the engine's own words when it was the reason.</summary>
    public static IEnumerable<Diagnostic> Of(
        ServiceException error,
        IReadOnlyList<SchemaProperty> properties
    )
    {
        var problem = error.Problem;
        if (problem.Errors.Count > 0)
        {
            return problem.Errors.Select(field =>
                Of(
                    Diagnostic.Types.Severity.Error,
                    field.Message,
                    Forecast.DetailOf(field),
                    AttributePaths.FromPointer(properties, field.Pointer)
                )
            );
        }

        return [Error(problem.Title, ProblemText.DetailOf(error))];
    }

    /// <summary>The service and this provider do not understand each other.</summary>
    public static Diagnostic Of(AnswerException error, string versionAdvice) =>
        Error("The control service's answer is not understood", $"{error.Message} {versionAdvice}");

    public static Diagnostic Of(
        Diagnostic.Types.Severity severity,
        string summary,
        string detail,
        AttributePath? attribute
    )
    {
        var diagnostic = new Diagnostic
        {
            Severity = severity,
            Summary = summary,
            Detail = detail,
        };
        if (attribute is not null)
        {
            diagnostic.Attribute = attribute;
        }

        return diagnostic;
    }
}
