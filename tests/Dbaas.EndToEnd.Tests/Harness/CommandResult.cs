namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>What a program that has ended said.</summary>
public sealed record CommandResult(
    string Program,
    IReadOnlyList<string> Arguments,
    int ExitCode,
    string Output,
    string Error
)
{
    public CommandResult Succeeded()
    {
        Assert.True(
            ExitCode == 0,
            $"{Program} {string.Join(' ', Arguments)} ended with {ExitCode}\n--- output\n{Output}\n--- error\n{Error}"
        );
        return this;
    }

    public string All => Output + Error;
}
