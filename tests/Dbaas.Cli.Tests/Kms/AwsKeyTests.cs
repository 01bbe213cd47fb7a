namespace Dbaas.Cli.Tests.Kms;

/// <summary>Keys, their names and tags.</summary>
public sealed class AwsKeyTests(LocalInstallation installation) : AwsCliTest(installation)
{
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
}
