namespace Dbaas.Provider.Connection;

/// <summary>A refusal or a failed operation in words, with the engine's own when it was the reason.</summary>
internal static class ProblemText
{
    /// <summary>What comes after the title.</summary>
    public static string DetailOf(ServiceException error)
    {
        var problem = error.Problem;
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

        return string.Join('\n', lines);
    }
}
