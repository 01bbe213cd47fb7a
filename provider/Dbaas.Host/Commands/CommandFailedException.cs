namespace Dbaas.Host.Commands;

/// <summary>A program the host depends on ended with an error. Arguments never hold secrets, so they may be shown.</summary>
internal sealed class CommandFailedException(CommandResult result)
    : Exception(
        $"{result.Program} {string.Join(' ', result.Arguments.Take(6))} ended with {result.ExitCode}: {Short(result)}"
    )
{
    public CommandResult Result { get; } = result;

    private static string Short(CommandResult result)
    {
        var text = (result.Error.Length > 0 ? result.Error : result.Output).Trim();
        return text.Length > 800 ? text[^800..] : text;
    }
}
