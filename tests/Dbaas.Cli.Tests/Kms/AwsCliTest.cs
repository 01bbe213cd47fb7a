using System.Text.Json.Nodes;

namespace Dbaas.Cli.Tests.Kms;

/// <summary>
/// Every call of the key service, made by the AWS CLI. Skipped where there is none; the SDK's tests always run. A class for each
/// subject, with an installation of its own: the AWS CLI takes a second of a core for a call, and classes run side by side.
/// </summary>
[Trait("Needs", "awscli")]
public abstract class AwsCliTest(LocalInstallation installation) : IClassFixture<LocalInstallation>
{
    protected const string Context = "tenant=ten_1,purpose=volume";

    private protected async Task<AwsCli> CliAsync()
    {
        Assert.SkipUnless(
            AwsCli.Find() is not null,
            "The AWS CLI is not installed (package awscli)."
        );
        var exports = await CliRun.StartAsync(installation.Environment, ["kms", "env"]);
        Assert.True(exports.ExitCode == 0, exports.Error);
        var path = Path.Combine(installation.Root, Guid.NewGuid().ToString("N") + ".env");
        await System.IO.File.WriteAllTextAsync(path, exports.Output);
        return new AwsCli(path);
    }

    private protected static async Task<string> NewKeyAsync(AwsCli aws) =>
        Text(
            await aws.AnswerAsync("create-key", "--description", "made by hand"),
            "KeyMetadata",
            "KeyId"
        );

    // fileb:// means the same to both major versions of the AWS CLI; a bare argument does not.
    protected string File(byte[] content)
    {
        var path = Path.Combine(installation.Root, Guid.NewGuid().ToString("N"));
        System.IO.File.WriteAllBytes(path, content);
        return "fileb://" + path;
    }

    protected static string Text(JsonNode? node, params string[] path) =>
        path.Aggregate(node, (at, name) => at![name])!.GetValue<string>();
}
