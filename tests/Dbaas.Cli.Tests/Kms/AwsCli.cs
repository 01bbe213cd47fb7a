using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dbaas.Cli.Tests.Kms;

/// <summary>The AWS CLI of this machine in a shell that took `dbaas kms env` over, as a user has it.</summary>
internal sealed class AwsCli(string exportsFile)
{
    private const string Script =
        """. "$0"; exec aws --endpoint-url "$AWS_ENDPOINT_URL_KMS" --output json kms "$@" """;

    public static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "aws"))
            .FirstOrDefault(File.Exists);

    /// <summary>The answer of a call that must succeed; null when it answers nothing.</summary>
    public async Task<JsonNode?> AnswerAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);
        Assert.True(exitCode == 0, $"aws kms {string.Join(' ', arguments)}: {error}");
        return output.Trim().Length == 0 ? null : JsonNode.Parse(output);
    }

    /// <summary>What a call that must be refused says.</summary>
    public async Task<string> RefusalAsync(params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync(arguments);
        Assert.NotEqual(0, exitCode);
        return error;
    }

    /// <summary>Whether this version of the AWS CLI has the command at all.</summary>
    public async Task<bool> KnowsAsync(string command)
    {
        var (_, _, error) = await RunAsync([command, "--no-such-option"]);
        return !error.Contains("nvalid choice", StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "-c", Script, exportsFile },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The tests' own surroundings must not help: no profile, no pager.
        start.Environment["AWS_CONFIG_FILE"] = "/dev/null";
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
        start.Environment["AWS_PAGER"] = "";
        using var process = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(token);
        var error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await error);
    }
}
