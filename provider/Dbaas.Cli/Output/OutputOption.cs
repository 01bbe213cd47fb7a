using System.CommandLine;

namespace Dbaas.Cli.Output;

/// <summary>-o, the same everywhere.</summary>
internal static class OutputOption
{
    public const string Json = "json";
    private const string Table = "table";

    public static Option<string> Instance { get; } = Create();

    private static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o")
        {
            Recursive = true,
            HelpName = "table|json",
            Description = "How to print results.",
            DefaultValueFactory = _ => Table,
        };
        option.AcceptOnlyFromAmong(Table, Json);
        return option;
    }
}
