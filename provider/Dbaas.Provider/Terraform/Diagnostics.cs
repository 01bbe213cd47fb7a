using Dbaas.Client.Operations;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>What users read when something is refused, failed or worth knowing.</summary>
internal static class Diagnostics
{
    public static Diagnostic Error(
        string summary,
        string detail,
        AttributePath? attribute = null
    ) => Make(Diagnostic.Types.Severity.Error, summary, detail, attribute);

    public static Diagnostic Warning(
        string summary,
        string detail,
        AttributePath? attribute = null
    ) => Make(Diagnostic.Types.Severity.Warning, summary, detail, attribute);

    /// <summary>One finding of the control service about one input.</summary>
    public static Diagnostic Of(
        FieldProblem field,
        Diagnostic.Types.Severity severity,
        IReadOnlyList<SchemaProperty> properties
    )
    {
        var allowed = field.Allowed.Length > 0 ? $"Allowed: {field.Allowed}\n" : "";
        return Make(
            severity,
            field.Message,
            $"{allowed}Code: {field.Code}",
            AttributePaths.FromPointer(properties, field.Pointer)
        );
    }

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
                Of(field, Diagnostic.Types.Severity.Error, properties)
            );
        }

        List<string> lines = [];
        if (!string.IsNullOrEmpty(problem.Detail))
        {
            lines.Add(problem.Detail);
        }

        if (problem.LogLines.Count > 0)
        {
            lines.Add("The engine's last log lines:");
            lines.AddRange(problem.LogLines.Select(line => "  " + line));
        }

        lines.Add($"Code: {problem.Code}");
        if (error.OperationId is not null)
        {
            lines.Add($"Operation: {error.OperationId} (dbaas operation get {error.OperationId})");
        }

        if (problem.RequestId is not null)
        {
            lines.Add($"Request: {problem.RequestId}");
        }

        return [Error(problem.Title, string.Join('\n', lines))];
    }

    private static Diagnostic Make(
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
