using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Grants;

/// <summary>What the control service and a host may do, with the rights that `init` gives them.</summary>
public sealed class GrantTests(RunningKms kms) : IClassFixture<RunningKms>
{
    private static readonly Dictionary<string, string> Volume = new()
    {
        ["tenant"] = "ten_1",
        ["instance"] = "ins_1",
        ["purpose"] = "volume",
    };

    private static readonly Dictionary<string, string> OtherVolume = new(Volume)
    {
        ["instance"] = "ins_2",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_volume_key_when_control_asks_for_its_plaintext_then_every_way_is_barred()
    {
        var key = await kms.NewKeyAsync(Token);
        var wrapped = await WrapAsync(key, Volume);
        var credentials = new Dictionary<string, string> { ["purpose"] = "credentials" };

        await DeniedAsync(DecryptAsync(kms.Control, wrapped, Volume));
        await DeniedAsync(
            kms.Control.GenerateDataKeyAsync(
                new GenerateDataKeyRequest
                {
                    KeyId = key,
                    KeySpec = DataKeySpec.AES_256,
                    EncryptionContext = Volume,
                },
                Token
            )
        );
        await DeniedAsync(
            kms.Control.ReEncryptAsync(
                new ReEncryptRequest
                {
                    CiphertextBlob = new MemoryStream(wrapped),
                    SourceEncryptionContext = Volume,
                    DestinationKeyId = key,
                    DestinationEncryptionContext = credentials,
                },
                Token
            )
        );
        await DeniedAsync(GrantAsync(key, kms.Files.Control.Arn, Equal(Volume)));
    }

    [Fact]
    public async Task Given_no_grant_when_a_host_does_anything_then_it_is_denied()
    {
        var key = await kms.NewKeyAsync(Token);
        var wrapped = await WrapAsync(key, Volume);

        await DeniedAsync(DecryptAsync(kms.Host, wrapped, Volume));
        await DeniedAsync(kms.Host.ListKeysAsync(new ListKeysRequest(), Token));
        await DeniedAsync(kms.Host.CreateKeyAsync(new CreateKeyRequest(), Token));
        await DeniedAsync(kms.Host.DescribeKeyAsync(key, Token));
    }

    [Fact]
    public async Task Given_a_grant_for_one_context_when_the_host_decrypts_then_that_one_opens_and_no_other()
    {
        var key = await kms.NewKeyAsync(Token);
        var (wrapped, other) = (await WrapAsync(key, Volume), await WrapAsync(key, OtherVolume));

        var grant = await GrantAsync(key, kms.Files.Host.Arn, Equal(Volume));
        var opened = await DecryptAsync(kms.Host, wrapped, Volume, grant.GrantToken);

        Assert.Equal(64, opened.Plaintext.Length);
        await DeniedAsync(DecryptAsync(kms.Host, other, OtherVolume, grant.GrantToken));
        await DeniedAsync(kms.Host.DescribeKeyAsync(key, Token));
        await Assert.ThrowsAsync<InvalidCiphertextException>(() =>
            DecryptAsync(kms.Host, other, Volume, grant.GrantToken)
        );
    }

    [Fact]
    public async Task Given_a_grant_for_a_subset_when_the_context_holds_more_then_it_is_enough()
    {
        var key = await kms.NewKeyAsync(Token);
        var wrapped = await WrapAsync(key, Volume);
        var subset = new Dictionary<string, string> { ["instance"] = "ins_1" };

        await GrantAsync(
            key,
            kms.Files.Host.Arn,
            new GrantConstraints { EncryptionContextSubset = subset }
        );

        Assert.Equal(64, (await DecryptAsync(kms.Host, wrapped, Volume)).Plaintext.Length);
        await DeniedAsync(DecryptAsync(kms.Host, wrapped, OtherVolume));
    }

    [Fact]
    public async Task Given_a_grant_when_it_was_retired_by_token_then_neither_it_nor_its_token_opens()
    {
        var key = await kms.NewKeyAsync(Token);
        var wrapped = await WrapAsync(key, Volume);
        var grant = await GrantAsync(key, kms.Files.Host.Arn, Equal(Volume));

        await kms.Control.RetireGrantAsync(
            new RetireGrantRequest { GrantToken = grant.GrantToken },
            Token
        );

        await DeniedAsync(DecryptAsync(kms.Host, wrapped, Volume));
        await Assert.ThrowsAsync<InvalidGrantTokenException>(() =>
            DecryptAsync(kms.Host, wrapped, Volume, grant.GrantToken)
        );
    }

    [Fact]
    public async Task Given_a_grant_when_it_is_listed_and_revoked_then_it_is_gone()
    {
        var key = await kms.NewKeyAsync(Token);
        var wrapped = await WrapAsync(key, Volume);
        var grant = await GrantAsync(key, kms.Files.Host.Arn, Equal(Volume));

        var listed = await kms.Control.ListGrantsAsync(
            new ListGrantsRequest { KeyId = key },
            Token
        );
        await kms.Control.RevokeGrantAsync(grant.GrantId, key, Token);

        var entry = Assert.Single(listed.Grants);
        Assert.Equal(grant.GrantId, entry.GrantId);
        Assert.Equal(kms.Files.Host.Arn, entry.GranteePrincipal);
        Assert.Equal(["Decrypt"], entry.Operations);
        Assert.Equal(Volume, entry.Constraints.EncryptionContextEquals);
        await DeniedAsync(DecryptAsync(kms.Host, wrapped, Volume));
        await Assert.ThrowsAsync<NotFoundException>(() =>
            kms.Control.RevokeGrantAsync(grant.GrantId, key, Token)
        );
    }

    /// <summary>A token starts with the first six bits of its grant's id; a hyphen, which command lines take for an option, is 62 of 64.</summary>
    [Fact]
    public async Task Given_many_grants_when_their_tokens_are_read_then_none_looks_like_an_option()
    {
        var key = await kms.NewKeyAsync(Token);

        var grants = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => GrantAsync(key, kms.Files.Host.Arn, Equal(Volume)))
        );

        Assert.All(grants, grant => Assert.InRange(grant.GrantId[0], '0', '7'));
        Assert.All(grants, grant => Assert.True(char.IsAsciiLetter(grant.GrantToken[0])));
    }

    [Fact]
    public async Task Given_a_named_grant_when_it_is_made_again_then_there_is_one()
    {
        var key = await kms.NewKeyAsync(Token);

        var first = await GrantAsync(key, kms.Files.Host.Arn, Equal(Volume), "open-vol_1");
        var second = await GrantAsync(key, kms.Files.Host.Arn, Equal(Volume), "open-vol_1");

        Assert.Equal(first.GrantId, second.GrantId);
    }

    [Fact]
    public async Task Given_a_forged_token_when_it_is_used_then_it_is_not_valid()
    {
        var key = await kms.NewKeyAsync(Token);
        var wrapped = await WrapAsync(key, Volume);
        var token = (await GrantAsync(key, kms.Files.Host.Arn, Equal(Volume))).GrantToken;
        var forged =
            token[..^4] + (token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");

        await Assert.ThrowsAsync<InvalidGrantTokenException>(() =>
            DecryptAsync(kms.Host, wrapped, Volume, forged)
        );
    }

    private static GrantConstraints Equal(Dictionary<string, string> context) =>
        new() { EncryptionContextEquals = context };

    private Task<CreateGrantResponse> GrantAsync(
        string key,
        string grantee,
        GrantConstraints constraints,
        string? name = null
    ) =>
        kms.Control.CreateGrantAsync(
            new CreateGrantRequest
            {
                KeyId = key,
                GranteePrincipal = grantee,
                Operations = [GrantOperation.Decrypt],
                Constraints = constraints,
                Name = name,
            },
            Token
        );

    private async Task<byte[]> WrapAsync(string key, Dictionary<string, string> context) =>
        (
            await kms.Control.GenerateDataKeyWithoutPlaintextAsync(
                new GenerateDataKeyWithoutPlaintextRequest
                {
                    KeyId = key,
                    NumberOfBytes = 64,
                    EncryptionContext = context,
                },
                Token
            )
        ).CiphertextBlob.ToArray();

    private static Task<DecryptResponse> DecryptAsync(
        AmazonKeyManagementServiceClient client,
        byte[] wrapped,
        Dictionary<string, string> context,
        string? grantToken = null
    ) =>
        client.DecryptAsync(
            new DecryptRequest
            {
                CiphertextBlob = new MemoryStream(wrapped),
                EncryptionContext = context,
                GrantTokens = grantToken is null ? null : [grantToken],
            },
            Token
        );

    private static async Task DeniedAsync(Task call)
    {
        var denied = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() => call);
        Assert.Equal("AccessDeniedException", denied.ErrorCode);
        Assert.Equal(400, (int)denied.StatusCode);
    }
}
