using System.CommandLine;
using Dbaas.Cli.Problems;

namespace Dbaas.Cli.Shell;

/// <summary>`dbaas completion bash|zsh|fish`: a script that asks dbaas itself what can follow.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _dbaas() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _dbaas dbaas
        """;

    private const string Zsh = """
        #compdef dbaas
        _dbaas() {
          local -a words_that_fit
          words_that_fit=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a words_that_fit
        }
        compdef _dbaas dbaas
        """;

    private const string Fish = """
        complete -c dbaas -f -a '(dbaas "[suggest:"(string length (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create(CommandRunner runner)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return runner.Runs(
            new Command("completion", "Print a completion script: source <(dbaas completion bash).")
            {
                shell,
            },
            run =>
            {
                run.Terminal.Output.WriteLine(
                    run.Get(shell) switch
                    {
                        "bash" => Bash,
                        "zsh" => Zsh,
                        _ => Fish,
                    }
                );
                return Task.FromResult(ExitCode.Ok);
            }
        );
    }
}
