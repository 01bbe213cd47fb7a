using Dbaas.Client.Operations;

namespace Dbaas.Control.Instances.Rules;

/// <summary>Collects what the rules find; what is not known yet is not judged.</summary>
internal sealed class RuleSheet(IReadOnlySet<string> unknown)
{
    private readonly List<FieldProblem> _errors = [];
    private readonly List<FieldProblem> _warnings = [];

    public IReadOnlyList<FieldProblem> Errors => _errors;

    public IReadOnlyList<FieldProblem> Warnings => _warnings;

    public void Error(string pointer, string code, string message, string allowed = "")
    {
        if (!IsUnknown(pointer))
        {
            _errors.Add(new FieldProblem(pointer, code, message, allowed));
        }
    }

    public void Warning(string pointer, string code, string message, string allowed = "") =>
        _warnings.Add(new FieldProblem(pointer, code, message, allowed));

    public bool HasAny(params ReadOnlySpan<string> pointers)
    {
        foreach (var pointer in pointers)
        {
            if (_errors.Exists(error => error.Pointer == pointer))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the value, or the object or list it stands in, is not known yet.</summary>
    public bool IsUnknown(string pointer)
    {
        for (var end = pointer.Length; end > 0; end = pointer.LastIndexOf('/', end - 1))
        {
            if (unknown.Contains(pointer[..end]))
            {
                return true;
            }
        }

        return false;
    }
}
