using System.Text.Json.Nodes;

namespace Dbaas.Cli.Tests.Kms;

/// <summary>Every call of the key service, made by the AWS CLI. Skipped where there is none; the SDK's tests always run.</summary>
[Trait("Needs", "awscli")]
public sealed class AwsCliTests(LocalInstallation installation) : IClassFixture<LocalInstallation>
{
    private const string Context = "tenant=ten_1,purpose=volume";

    [Fact]
    public async Task Given_keys_when_the_aws_cli_makes_shows_changes_and_deletes_them_then_every_call_is_answered()
    {
        var aws = await CliAsync();
        var key = await NewKeyAsync(aws);

        var described = await aws.AnswerAsync("describe-key", "--key-id", key);
        Assert.Equal("made by hand", Text(described, "KeyMetadata", "Description"));
        Assert.Contains(
            (await aws.AnswerAsync("list-keys"))!["Keys"]!.AsArray(),
            entry => entry!["KeyId"]!.GetValue<string>() == key
        );
        await aws.AnswerAsync(
            "update-key-description",
            "--key-id",
            key,
            "--description",
            "renamed"
        );
        await aws.AnswerAsync("disable-key", "--key-id", key);
        Assert.Contains(
            "DisabledException",
            await aws.RefusalAsync("generate-data-key", "--key-id", key, "--key-spec", "AES_256"),
            StringComparison.Ordinal
        );
        await aws.AnswerAsync("enable-key", "--key-id", key);
        var scheduled = await aws.AnswerAsync(
            "schedule-key-deletion",
            "--key-id",
            key,
            "--pending-window-in-days",
            "7"
        );
        Assert.Equal("PendingDeletion", Text(scheduled, "KeyState"));
        await aws.AnswerAsync("cancel-key-deletion", "--key-id", key);
        described = await aws.AnswerAsync("describe-key", "--key-id", key);
        Assert.Equal("Disabled", Text(described, "KeyMetadata", "KeyState"));
        Assert.Equal("renamed", Text(described, "KeyMetadata", "Description"));
    }

    [Fact]
    public async Task Given_names_and_tags_when_the_aws_cli_manages_them_then_every_call_is_answered()
    {
        var aws = await CliAsync();
        var (key, other) = (await NewKeyAsync(aws), await NewKeyAsync(aws));

        await aws.AnswerAsync("create-alias", "--alias-name", "alias/hand", "--target-key-id", key);
        await aws.AnswerAsync(
            "update-alias",
            "--alias-name",
            "alias/hand",
            "--target-key-id",
            other
        );
        var aliases = await aws.AnswerAsync("list-aliases", "--key-id", other);
        Assert.Equal("alias/hand", Text(aliases!["Aliases"]![0], "AliasName"));
        await aws.AnswerAsync("delete-alias", "--alias-name", "alias/hand");
        Assert.Contains(
            "NotFoundException",
            await aws.RefusalAsync("describe-key", "--key-id", "alias/hand"),
            StringComparison.Ordinal
        );

        await aws.AnswerAsync(
            "tag-resource",
            "--key-id",
            key,
            "--tags",
            "TagKey=owner,TagValue=anna",
            "TagKey=stage,TagValue=live"
        );
        await aws.AnswerAsync("untag-resource", "--key-id", key, "--tag-keys", "owner");
        var tags = (await aws.AnswerAsync("list-resource-tags", "--key-id", key))!["Tags"]!;
        Assert.Equal("stage", Text(Assert.Single(tags.AsArray()), "TagKey"));
    }

    [Fact]
    public async Task Given_a_plaintext_when_the_aws_cli_seals_moves_and_opens_it_then_it_is_the_same()
    {
        var aws = await CliAsync();
        var (key, other) = (await NewKeyAsync(aws), await NewKeyAsync(aws));
        var sent = Convert.ToBase64String("a secret"u8);
        var plain = File(Convert.FromBase64String(sent));

        var sealedText = await aws.AnswerAsync(
            "encrypt",
            "--key-id",
            key,
            "--plaintext",
            plain,
            "--encryption-context",
            Context
        );
        var blob = File(Convert.FromBase64String(Text(sealedText, "CiphertextBlob")));
        var opened = await aws.AnswerAsync(
            "decrypt",
            "--ciphertext-blob",
            blob,
            "--encryption-context",
            Context
        );
        Assert.Equal(sent, Text(opened, "Plaintext"));
        Assert.Contains(
            "InvalidCiphertextException",
            await aws.RefusalAsync("decrypt", "--ciphertext-blob", blob),
            StringComparison.Ordinal
        );
        var moved = await aws.AnswerAsync(
            "re-encrypt",
            "--ciphertext-blob",
            blob,
            "--source-encryption-context",
            Context,
            "--destination-key-id",
            other,
            "--destination-encryption-context",
            "purpose=moved"
        );
        opened = await aws.AnswerAsync(
            "decrypt",
            "--ciphertext-blob",
            File(Convert.FromBase64String(Text(moved, "CiphertextBlob"))),
            "--encryption-context",
            "purpose=moved"
        );
        Assert.Equal(sent, Text(opened, "Plaintext"));
        Assert.EndsWith(other, Text(opened, "KeyId"), StringComparison.Ordinal);

        var dataKey = await aws.AnswerAsync(
            "generate-data-key",
            "--key-id",
            key,
            "--key-spec",
            "AES_256"
        );
        Assert.Equal(32, Convert.FromBase64String(Text(dataKey, "Plaintext")).Length);
        var wrapped = await aws.AnswerAsync(
            "generate-data-key-without-plaintext",
            "--key-id",
            key,
            "--number-of-bytes",
            "64"
        );
        Assert.Null(wrapped!["Plaintext"]);
        var random = await aws.AnswerAsync("generate-random", "--number-of-bytes", "24");
        Assert.Equal(24, Convert.FromBase64String(Text(random, "Plaintext")).Length);
    }

    [Fact]
    public async Task Given_rotation_when_the_aws_cli_switches_and_asks_for_it_then_every_call_is_answered()
    {
        var aws = await CliAsync();
        var key = await NewKeyAsync(aws);

        await aws.AnswerAsync("enable-key-rotation", "--key-id", key);
        Assert.True(await RotatesAsync());
        await aws.AnswerAsync("disable-key-rotation", "--key-id", key);
        Assert.False(await RotatesAsync());

        if (await aws.KnowsAsync("rotate-key-on-demand"))
        {
            await aws.AnswerAsync("rotate-key-on-demand", "--key-id", key);
            var rotations = await aws.AnswerAsync("list-key-rotations", "--key-id", key);
            var only = Assert.Single(rotations!["Rotations"]!.AsArray());
            Assert.Equal("ON_DEMAND", Text(only, "RotationType"));
        }

        async Task<bool> RotatesAsync() =>
            (await aws.AnswerAsync("get-key-rotation-status", "--key-id", key))![
                "KeyRotationEnabled"
            ]!.GetValue<bool>();
    }

    [Fact]
    public async Task Given_grants_and_a_policy_when_the_aws_cli_manages_them_then_every_call_is_answered()
    {
        var aws = await CliAsync();
        var key = await NewKeyAsync(aws);
        const string control = "arn:aws:iam::000000000000:user/dbaas-control";

        var first = await GrantAsync();
        await aws.AnswerAsync(
            "revoke-grant",
            "--key-id",
            key,
            "--grant-id",
            Text(first, "GrantId")
        );
        var second = await GrantAsync();
        var listed = await aws.AnswerAsync("list-grants", "--key-id", key);
        Assert.Equal(
            Text(second, "GrantId"),
            Text(Assert.Single(listed!["Grants"]!.AsArray()), "GrantId")
        );
        var retirable = await aws.AnswerAsync(
            "list-retirable-grants",
            "--retiring-principal",
            control
        );
        Assert.Single(retirable!["Grants"]!.AsArray());
        await aws.AnswerAsync("retire-grant", "--grant-token", Text(second, "GrantToken"));
        listed = await aws.AnswerAsync("list-grants", "--key-id", key);
        Assert.Empty(listed!["Grants"]!.AsArray());

        var names = await aws.AnswerAsync("list-key-policies", "--key-id", key);
        Assert.Equal("default", names!["PolicyNames"]![0]!.GetValue<string>());
        var policy = await aws.AnswerAsync(
            "get-key-policy",
            "--key-id",
            key,
            "--policy-name",
            "default"
        );
        await aws.AnswerAsync(
            "put-key-policy",
            "--key-id",
            key,
            "--policy-name",
            "default",
            "--policy",
            Text(policy, "Policy")
        );

        Task<JsonNode?> GrantAsync() =>
            aws.AnswerAsync(
                "create-grant",
                "--key-id",
                key,
                "--grantee-principal",
                control,
                "--retiring-principal",
                control,
                "--operations",
                "Decrypt",
                "DescribeKey"
            );
    }

    private async Task<AwsCli> CliAsync()
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

    private static async Task<string> NewKeyAsync(AwsCli aws) =>
        Text(
            await aws.AnswerAsync("create-key", "--description", "made by hand"),
            "KeyMetadata",
            "KeyId"
        );

    // fileb:// means the same to both major versions of the AWS CLI; a bare argument does not.
    private string File(byte[] content)
    {
        var path = Path.Combine(installation.Root, Guid.NewGuid().ToString("N"));
        System.IO.File.WriteAllBytes(path, content);
        return "fileb://" + path;
    }

    private static string Text(JsonNode? node, params string[] path) =>
        path.Aggregate(node, (at, name) => at![name])!.GetValue<string>();
}
