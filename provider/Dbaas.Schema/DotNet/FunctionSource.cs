namespace Dbaas.Schema.DotNet;

/// <summary>Writes a function: called with plain values it gives a task, called with outputs an output.</summary>
internal static class FunctionSource
{
    public static SdkFile File(PackageSchema package, DotNetNames names, FunctionSchema function)
    {
        var name = DotNetNames.Pascal(function.Name);
        var text = CSharpText.File(
            names.Namespace,
            "System.Collections.Generic",
            "System.Collections.Immutable",
            "System.Threading.Tasks"
        );
        text.Open($"public static class {name}");
        Call(
            text,
            names,
            function,
            "Task",
            "InvokeAsync",
            $"{name}Args",
            "InvokeOptions? options = null"
        );
        text.Line();
        Call(
            text,
            names,
            function,
            "Output",
            "Invoke",
            $"{name}InvokeArgs",
            "InvokeOptions? options = null"
        );
        text.Line();
        Call(
            text,
            names,
            function,
            "Output",
            "Invoke",
            $"{name}InvokeArgs",
            "InvokeOutputOptions options"
        );
        text.Close();
        if (function.Inputs.Count > 0)
        {
            var arguments = new ArgumentsSource(names);
            text.Line();
            arguments.Write(text, $"{name}Args", ArgumentsSource.PlainInvoke, function.Inputs);
            text.Line();
            arguments.Write(text, $"{name}InvokeArgs", ArgumentsSource.Invoke, function.Inputs);
        }

        text.Line();
        NestedSource.Read(text, names, $"{name}Result", function.Outputs);
        return new SdkFile($"{name}.cs", text.ToString());
    }

    private static void Call(
        CSharpText text,
        DotNetNames names,
        FunctionSchema function,
        string wrapper,
        string method,
        string arguments,
        string options
    )
    {
        var name = DotNetNames.Pascal(function.Name);
        // A parameter with a default cannot stand before one without.
        var mayBeAbsent =
            options.EndsWith("= null", StringComparison.Ordinal)
            && !function.Inputs.Any(input => input.Required);
        var parameters =
            function.Inputs.Count == 0 ? options
            : mayBeAbsent ? $"{arguments}? args = null, {options}"
            : $"{arguments} args, {options}";
        var passed = function.Inputs.Count == 0 ? "InvokeArgs.Empty" : $"args ?? new {arguments}()";
        text.Summary(function.Description);
        text.Line($"public static {wrapper}<{name}Result> {method}({parameters})");
        text.Line(
            $"    => global::Pulumi.Deployment.Instance.{method}<{name}Result>(\"{names.Token(function.Name)}\", {passed}, options.WithDefaults());"
        );
    }
}
