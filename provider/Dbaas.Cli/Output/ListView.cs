using Spectre.Console;

namespace Dbaas.Cli.Output;

/// <summary>Lists as JSON or as columns without lines, which awk can read as well.</summary>
internal static class ListView
{
    public static void Write<T>(Invocation run, IReadOnlyList<T> items, params Column<T>[] columns)
    {
        if (run.Json)
        {
            JsonOutput.Write(run.Terminal, items);
            return;
        }

        if (items.Count == 0)
        {
            run.Terminal.Messages.MarkupLine("[dim]none[/]");
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(
                new TableColumn(
                    new Text(
                        column.Title.ToUpperInvariant(),
                        new Style(decoration: Decoration.Bold)
                    )
                )
                {
                    NoWrap = true,
                    Alignment = column.RightAligned ? Justify.Right : Justify.Left,
                    Padding = new Padding(0, 0, 2, 0),
                }
            );
        }

        foreach (var item in items)
        {
            table.AddRow(
                columns.Select(column =>
                {
                    var text = column.Text(item);
                    return new Text(string.IsNullOrEmpty(text) ? "-" : text, Look.Of(text));
                })
            );
        }

        run.Terminal.Screen.Write(table);
    }

    /// <summary>One thing as names and values.</summary>
    public static void WriteFields(
        Invocation run,
        params IReadOnlyList<(string Name, string? Value)> fields
    )
    {
        var grid = new Grid().AddColumn(
            new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }
        );
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var (name, value) in fields)
        {
            grid.AddRow(
                new Text(name, new Style(decoration: Decoration.Dim)),
                new Text(string.IsNullOrEmpty(value) ? "-" : value, Look.Of(value))
            );
        }

        run.Terminal.Screen.Write(grid);
    }
}
