using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Operations;

/// <summary>Tags and descriptions, seen by the AWS SDK.</summary>
public sealed class TagTests(RunningKms kms) : IClassFixture<RunningKms>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_tags_when_some_are_added_changed_and_taken_away_then_the_list_shows_the_rest()
    {
        var key = await kms.NewKeyAsync(Token);

        await TagAsync(key, ("owner", "anna"), ("stage", "test"));
        await TagAsync(key, ("stage", "live"), ("cost", "42"));
        await kms.Administrator.UntagResourceAsync(
            new UntagResourceRequest { KeyId = key, TagKeys = ["owner", "never there"] },
            Token
        );

        Assert.Equal(["cost=42", "stage=live"], await TagsAsync(key));
    }

    [Theory]
    [InlineData("", "empty key")]
    [InlineData("aws:mine", "reserved")]
    public async Task Given_a_tag_that_cannot_be_when_it_is_put_then_it_is_a_tag_error(
        string name,
        string value
    )
    {
        var key = await kms.NewKeyAsync(Token);

        await Assert.ThrowsAsync<TagException>(() => TagAsync(key, (name, value)));
        Assert.Empty(await TagsAsync(key));
    }

    [Fact]
    public async Task Given_fifty_tags_when_one_more_comes_then_the_limit_is_exceeded()
    {
        var key = await kms.NewKeyAsync(Token);
        await TagAsync(key, [.. Enumerable.Range(0, 50).Select(number => ($"tag{number}", ""))]);

        await Assert.ThrowsAsync<LimitExceededException>(() => TagAsync(key, ("one", "more")));
        await TagAsync(key, ("tag0", "changed"));

        Assert.Equal(50, (await TagsAsync(key)).Count);
    }

    [Fact]
    public async Task Given_a_key_when_its_description_changes_then_it_is_described_so()
    {
        var key = await kms.NewKeyAsync(Token);

        await kms.Administrator.UpdateKeyDescriptionAsync(key, "for the shop", Token);

        var described = await kms.Control.DescribeKeyAsync(key, Token);
        Assert.Equal("for the shop", described.KeyMetadata.Description);
    }

    [Fact]
    public async Task Given_a_key_pending_deletion_when_it_is_tagged_or_described_anew_then_its_state_forbids_it()
    {
        var key = await kms.NewKeyAsync(Token);
        await kms.Control.ScheduleKeyDeletionAsync(key, 7, Token);

        await Assert.ThrowsAsync<KMSInvalidStateException>(() => TagAsync(key, ("a", "b")));
        await Assert.ThrowsAsync<KMSInvalidStateException>(() =>
            kms.Administrator.UpdateKeyDescriptionAsync(key, "late", Token)
        );
    }

    private Task<TagResourceResponse> TagAsync(
        string key,
        params (string Name, string Value)[] tags
    ) =>
        kms.Administrator.TagResourceAsync(
            new TagResourceRequest
            {
                KeyId = key,
                Tags = [.. tags.Select(tag => new Tag { TagKey = tag.Name, TagValue = tag.Value })],
            },
            Token
        );

    private async Task<IReadOnlyList<string>> TagsAsync(string key)
    {
        var listed = await kms.Administrator.ListResourceTagsAsync(
            new ListResourceTagsRequest { KeyId = key },
            Token
        );
        return [.. (listed.Tags ?? []).Select(tag => $"{tag.TagKey}={tag.TagValue}")];
    }
}
