using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Operations;

/// <summary>Names of keys, seen by the AWS SDK.</summary>
public sealed class AliasTests(RunningKms kms) : IClassFixture<RunningKms>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_an_alias_when_it_is_given_another_key_then_it_names_that_one()
    {
        var (first, second) = (await kms.NewKeyAsync(Token), await kms.NewKeyAsync(Token));
        var alias = await NewAliasAsync(first);

        await kms.Administrator.UpdateAliasAsync(alias, second, Token);

        var described = await kms.Control.DescribeKeyAsync(alias, Token);
        Assert.Equal(second, described.KeyMetadata.KeyId);
        Assert.Empty((await ListAsync(first)).Aliases);
        var entry = Assert.Single((await ListAsync(second)).Aliases);
        Assert.Equal(second, entry.TargetKeyId);
        Assert.True(entry.LastUpdatedDate >= entry.CreationDate);
    }

    [Fact]
    public async Task Given_an_alias_when_it_is_deleted_then_the_key_stays_and_the_name_is_free()
    {
        var key = await kms.NewKeyAsync(Token);
        var alias = await NewAliasAsync(key);

        await kms.Administrator.DeleteAliasAsync(alias, Token);

        await Assert.ThrowsAsync<NotFoundException>(() =>
            kms.Control.DescribeKeyAsync(alias, Token)
        );
        await Assert.ThrowsAsync<NotFoundException>(() =>
            kms.Administrator.DeleteAliasAsync(alias, Token)
        );
        Assert.True((await kms.Control.DescribeKeyAsync(key, Token)).KeyMetadata.Enabled);
        await kms.Control.CreateAliasAsync(alias, key, Token);
    }

    [Fact]
    public async Task Given_control_when_it_moves_or_deletes_an_alias_then_it_is_denied()
    {
        var key = await kms.NewKeyAsync(Token);
        var alias = await NewAliasAsync(key);

        var moved = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.Control.UpdateAliasAsync(alias, key, Token)
        );
        var deleted = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.Control.DeleteAliasAsync(alias, Token)
        );

        Assert.Equal("AccessDeniedException", moved.ErrorCode);
        Assert.Equal("AccessDeniedException", deleted.ErrorCode);
    }

    [Fact]
    public async Task Given_a_key_with_fifty_aliases_when_it_gets_one_more_then_the_limit_is_exceeded()
    {
        var key = await kms.NewKeyAsync(Token);
        for (var count = 0; count < 50; count++)
        {
            await NewAliasAsync(key);
        }

        await Assert.ThrowsAsync<LimitExceededException>(() => NewAliasAsync(key));
        var page = await ListAsync(key, limit: 30);
        var rest = await ListAsync(key, limit: 30, page.NextMarker);
        Assert.True(page.Truncated);
        Assert.False(rest.Truncated);
        Assert.Equal(
            50,
            page.Aliases.Concat(rest.Aliases).Select(entry => entry.AliasName).Distinct().Count()
        );
    }

    [Fact]
    public async Task Given_a_marker_nobody_was_given_when_a_list_goes_on_then_it_is_invalid()
    {
        var key = await kms.NewKeyAsync(Token);

        await Assert.ThrowsAsync<InvalidMarkerException>(() => ListAsync(key, 10, "not a marker!"));
    }

    private async Task<string> NewAliasAsync(string key)
    {
        var alias = "alias/tests/" + Guid.NewGuid().ToString("N");
        await kms.Control.CreateAliasAsync(alias, key, Token);
        return alias;
    }

    private Task<ListAliasesResponse> ListAsync(
        string key,
        int? limit = null,
        string? marker = null
    ) =>
        kms.Control.ListAliasesAsync(
            new ListAliasesRequest
            {
                KeyId = key,
                Limit = limit,
                Marker = marker,
            },
            Token
        );
}
