using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Operations;

/// <summary>The life of a key, seen by the AWS SDK.</summary>
public sealed class KeyTests(RunningKms kms) : IClassFixture<RunningKms>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_new_key_when_it_is_described_then_it_looks_like_one_of_aws()
    {
        var created = await kms.Control.CreateKeyAsync(
            new CreateKeyRequest
            {
                Description = "default key of ten_1",
                Tags = [new Tag { TagKey = "tenant", TagValue = "ten_1" }],
            },
            Token
        );

        var described = await kms.Control.DescribeKeyAsync(created.KeyMetadata.Arn, Token);

        var key = described.KeyMetadata;
        Assert.Equal(created.KeyMetadata.KeyId, key.KeyId);
        Assert.Equal($"arn:aws:kms:{KmsFiles.Region}:{KmsFiles.Account}:key/{key.KeyId}", key.Arn);
        Assert.Equal("default key of ten_1", key.Description);
        Assert.Equal(KeyState.Enabled, key.KeyState);
        Assert.True(key.Enabled);
        Assert.Equal(KeySpec.SYMMETRIC_DEFAULT, key.KeySpec);
        Assert.Equal(KeyUsageType.ENCRYPT_DECRYPT, key.KeyUsage);
        Assert.Equal(OriginType.AWS_KMS, key.Origin);
        Assert.Equal(
            kms.Clock.GetUtcNow().UtcDateTime,
            key.CreationDate!.Value.ToUniversalTime(),
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public async Task Given_an_asymmetric_key_when_it_is_asked_for_then_it_is_unsupported()
    {
        await Assert.ThrowsAsync<UnsupportedOperationException>(() =>
            kms.Control.CreateKeyAsync(
                new CreateKeyRequest
                {
                    KeySpec = KeySpec.RSA_2048,
                    KeyUsage = KeyUsageType.SIGN_VERIFY,
                },
                Token
            )
        );
    }

    [Fact]
    public async Task Given_several_keys_when_they_are_listed_by_two_then_every_key_comes_once()
    {
        HashSet<string> made = [];
        for (var count = 0; count < 5; count++)
        {
            made.Add(await kms.NewKeyAsync(Token));
        }

        List<string> listed = [];
        string? marker = null;
        do
        {
            var page = await kms.Control.ListKeysAsync(
                new ListKeysRequest { Limit = 2, Marker = marker },
                Token
            );
            Assert.True(page.Keys.Count <= 2);
            listed.AddRange(page.Keys.Select(key => key.KeyId));
            marker = page.NextMarker;
        } while (marker is not null);

        Assert.Subset(listed.ToHashSet(), made);
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    [Fact]
    public async Task Given_a_disabled_key_when_it_is_used_then_it_says_so_until_it_is_enabled()
    {
        var key = await kms.NewKeyAsync(Token);

        await kms.Control.DisableKeyAsync(key, Token);
        await Assert.ThrowsAsync<DisabledException>(() => WrapAsync(key));
        await kms.Control.EnableKeyAsync(key, Token);

        Assert.NotEmpty((await WrapAsync(key)).CiphertextBlob.ToArray());
    }

    [Fact]
    public async Task Given_a_key_pending_deletion_when_it_is_cancelled_then_it_is_disabled()
    {
        var key = await kms.NewKeyAsync(Token);

        var scheduled = await kms.Control.ScheduleKeyDeletionAsync(key, 7, Token);
        await Assert.ThrowsAsync<KMSInvalidStateException>(() => WrapAsync(key));
        await Assert.ThrowsAsync<KMSInvalidStateException>(() =>
            kms.Control.EnableKeyAsync(key, Token)
        );
        await kms.Control.CancelKeyDeletionAsync(key, Token);
        var described = await kms.Control.DescribeKeyAsync(key, Token);

        Assert.Equal(KeyState.PendingDeletion, scheduled.KeyState);
        Assert.Equal(
            kms.Clock.GetUtcNow().AddDays(7).UtcDateTime,
            scheduled.DeletionDate!.Value.ToUniversalTime(),
            TimeSpan.FromSeconds(1)
        );
        Assert.Equal(KeyState.Disabled, described.KeyMetadata.KeyState);
        Assert.Null(described.KeyMetadata.DeletionDate);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(31)]
    public async Task Given_a_window_outside_7_to_30_days_when_deletion_is_scheduled_then_it_is_refused(
        int days
    )
    {
        var key = await kms.NewKeyAsync(Token);

        var refused = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.Control.ScheduleKeyDeletionAsync(key, days, Token)
        );

        Assert.Equal("ValidationException", refused.ErrorCode);
    }

    [Fact]
    public async Task Given_an_alias_when_the_key_is_named_by_it_then_it_is_found()
    {
        var key = await kms.NewKeyAsync(Token);
        var alias = "alias/tenants/" + Guid.NewGuid().ToString("N");

        await kms.Control.CreateAliasAsync(alias, key, Token);
        var described = await kms.Control.DescribeKeyAsync(alias, Token);
        var aliases = await kms.Control.ListAliasesAsync(
            new ListAliasesRequest { KeyId = key },
            Token
        );

        Assert.Equal(key, described.KeyMetadata.KeyId);
        Assert.Equal(alias, Assert.Single(aliases.Aliases).AliasName);
        await Assert.ThrowsAsync<AlreadyExistsException>(() =>
            kms.Control.CreateAliasAsync(alias, key, Token)
        );
        await Assert.ThrowsAsync<InvalidAliasNameException>(() =>
            kms.Control.CreateAliasAsync("alias/aws/s3", key, Token)
        );
    }

    [Theory]
    [InlineData("6f4f0a5e-0000-0000-0000-000000000000")]
    [InlineData("alias/unknown")]
    [InlineData("arn:aws:kms:elsewhere:000000000000:key/6f4f0a5e-0000-0000-0000-000000000000")]
    [InlineData("../../etc/passwd")]
    public async Task Given_an_unknown_key_when_it_is_used_then_it_is_not_found(string key)
    {
        await Assert.ThrowsAsync<NotFoundException>(() => WrapAsync(key));
    }

    private Task<GenerateDataKeyWithoutPlaintextResponse> WrapAsync(string key) =>
        kms.Control.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest
            {
                KeyId = key,
                KeySpec = DataKeySpec.AES_256,
            },
            Token
        );
}
