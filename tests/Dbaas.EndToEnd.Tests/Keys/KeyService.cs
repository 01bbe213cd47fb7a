using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Keys;

/// <summary>A region's key service as its owner reaches it: with Amazon's own command line and what <c>dbaas kms env</c> exports.</summary>
internal sealed class KeyService
{
    private readonly Platform platform;
    private readonly string region;
    private readonly IReadOnlyDictionary<string, string> environment;

    private KeyService(
        Platform platform,
        string region,
        IReadOnlyDictionary<string, string> environment
    ) => (this.platform, this.region, this.environment) = (platform, region, environment);

    public static async Task<KeyService> OfAsync(Platform platform, string region)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Any(folder => File.Exists(Path.Combine(folder, "aws"))),
            "The AWS CLI is not installed on this machine."
        );
        var exports = (await platform.CliAsync("kms", "env", "--region", region))
            .Succeeded()
            .Output;
        return new(
            platform,
            region,
            exports
                .Split('\n')
                .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
                .Select(line => line["export ".Length..].Split('=', 2))
                .ToDictionary(pair => pair[0], pair => pair[1].Trim('\''))
        );
    }

    /// <param name="verb">For example disable-key.</param>
    /// <param name="arn">Of the key.</param>
    /// <param name="further">Further arguments.</param>
    public async Task CallAsync(string verb, string arn, params IReadOnlyList<string> further) =>
        (
            await Command.RunAsync(
                "aws",
                [
                    "kms",
                    verb,
                    "--endpoint-url",
                    environment["AWS_ENDPOINT_URL_KMS"],
                    "--key-id",
                    arn,
                    .. further,
                ],
                environment
            )
        ).Succeeded();

    /// <summary>Leaves the decision about a key to its account, or denies it to the control service besides.</summary>
    public async Task PutPolicyAsync(string arn, bool deniesControl)
    {
        const string account =
            """{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}""";
        const string denial =
            """{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:user/dbaas-control"},"Action":"kms:*","Resource":"*"}""";
        var statements = deniesControl ? $"{account},{denial}" : account;
        await CallAsync(
            "put-key-policy",
            arn,
            "--policy-name",
            "default",
            "--policy",
            $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}"""
        );
    }

    /// <summary>Stops it in its tracks, so that nobody starts another and no call is answered; disposing lets it go on.</summary>
    public async Task<IDisposable> FrozenAsync()
    {
        var pid = platform.ProcessOf($"kms-{region}");
        await SignalAsync("-STOP", pid);
        return new Thaw(pid);
    }

    private static async Task SignalAsync(string signal, int pid) =>
        (await Command.RunAsync("kill", [signal, $"{pid}"])).Succeeded();

    private sealed class Thaw(int pid) : IDisposable
    {
        public void Dispose()
        {
            using var going = Command.Start("kill", ["-CONT", $"{pid}"]);
            going
                .EndAsync(TimeSpan.FromSeconds(10), CancellationToken.None)
                .GetAwaiter()
                .GetResult();
        }
    }
}
