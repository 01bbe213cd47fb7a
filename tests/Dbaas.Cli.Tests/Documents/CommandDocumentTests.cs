using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Dbaas.Cli.Output;

namespace Dbaas.Cli.Tests.Documents;

/// <summary>
/// docs/cli.md lists every command with its arguments, options and meaning. With DBAAS_UPDATE_DOCS=1 the section is written instead: do that
/// after a change on purpose and read the difference.
/// </summary>
public sealed class CommandDocumentTests
{
    private const string Heading = "## Commands\n";

    [Fact]
    public void Given_all_commands_then_each_and_everything_it_takes_says_what_it_is()
    {
        var silent = All(Root(), "dbaas")
            .SelectMany(one =>
                one.Command.Arguments.Cast<Symbol>()
                    .Concat(one.Command.Options.Where(option => !option.Hidden))
                    .Append(one.Command)
                    .Where(symbol => string.IsNullOrWhiteSpace(symbol.Description))
                    .Select(symbol => $"{one.Path} {symbol.Name}")
            );

        Assert.Empty(silent);
    }

    [Fact]
    public void Given_all_commands_then_the_document_lists_them()
    {
        var file = Path.Combine(RootFolder(), "docs/cli.md");
        var text = File.ReadAllText(file);
        var begin = text.IndexOf(Heading, StringComparison.Ordinal);
        Assert.True(begin >= 0, "docs/cli.md has no section Commands.");
        var end = text.IndexOf("\n## ", begin + Heading.Length, StringComparison.Ordinal) + 1;
        var wanted = Section();
        if (Environment.GetEnvironmentVariable("DBAAS_UPDATE_DOCS") == "1")
        {
            text = text[..begin] + wanted + text[end..];
            File.WriteAllText(file, text);
            end = begin + wanted.Length;
        }

        Assert.Equal(wanted, text[begin..end]);
    }

    private static string Section()
    {
        var text = new StringBuilder(Heading);
        text.Append(
            "\nMade from the program. Every command takes `--endpoint`, `--ca-file`, `--tenant` and `-o table|json` as well.\n\n| command | what it does |\n|---|---|\n"
        );
        foreach (
            var (path, command) in All(Root(), "dbaas")
                .Where(one => one.Command.Subcommands.Count == 0 || one.Command.Action is not null)
                .Where(one => one.Path != "dbaas")
        )
        {
            var line = string.Join(
                ' ',
                command
                    .Arguments.Select(argument => argument.Name)
                    .Concat(
                        command
                            .Options.Where(option => !option.Hidden)
                            .Select(option => $"[{option.Name}]")
                    )
                    .Prepend(path)
            );
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{line}` | {command.Description!.Replace("|", "\\|", StringComparison.Ordinal)} |\n"
            );
        }

        return text.Append('\n').ToString();
    }

    private static RootCommand Root() =>
        CommandTree.Build(
            new CommandRunner(
                new Terminal(TextWriter.Null, TextWriter.Null, _ => null, false, false)
            )
        );

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        command
            .Subcommands.Where(inner => !inner.Hidden)
            .SelectMany(inner => All(inner, $"{path} {inner.Name}"))
            .Prepend((path, command));

    private static string RootFolder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
