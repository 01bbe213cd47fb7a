using Spectre.Console;

namespace Dbaas.Cli.Output;

/// <summary>Where a command reads and writes; tests bring their own.</summary>
internal sealed class Terminal
{
    // Not a terminal: nobody reads columns cut to a width that nobody chose.
    private const int UnlimitedWidth = 4096;

    public Terminal(
        TextWriter output,
        TextWriter error,
        Func<string, string?> environment,
        bool outputIsTerminal,
        bool errorIsTerminal
    )
    {
        Output = output;
        Error = error;
        Environment = environment;
        Screen = Console(output, outputIsTerminal);
        Messages = Console(error, errorIsTerminal);
        ShowsProgress = errorIsTerminal;
    }

    public TextWriter Output { get; }
    public TextWriter Error { get; }
    public Func<string, string?> Environment { get; }

    /// <summary>Standard output: results.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary>Standard error: progress and problems, so that results can be piped.</summary>
    public IAnsiConsole Messages { get; }

    /// <summary>Whether a spinner makes sense.</summary>
    public bool ShowsProgress { get; }

    public static Terminal OfProcess() =>
        new(
            System.Console.Out,
            System.Console.Error,
            System.Environment.GetEnvironmentVariable,
            !System.Console.IsOutputRedirected,
            !System.Console.IsErrorRedirected
        );

    private IAnsiConsole Console(TextWriter writer, bool isTerminal)
    {
        // https://no-color.org: any value that is not empty.
        var plain = !isTerminal || !string.IsNullOrEmpty(Environment("NO_COLOR"));
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
        if (!isTerminal)
        {
            console.Profile.Width = UnlimitedWidth;
        }

        return console;
    }
}
