using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Dbaas.Schema.Tests;

/// <summary>
/// Whether text is C#. The generated SDK can be compiled only where Pulumi's packages can be restored; its syntax can be checked everywhere.
/// </summary>
internal static class CSharpSyntax
{
    public static void AssertValid(string name, string text)
    {
        var errors = CSharpSyntaxTree
            .ParseText(text, new CSharpParseOptions(LanguageVersion.Latest), path: name)
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString());
        Assert.Empty(errors);
    }
}
