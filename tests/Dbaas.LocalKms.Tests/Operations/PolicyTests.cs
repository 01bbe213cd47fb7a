using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Operations;

/// <summary>Key policies, put and enforced.</summary>
public sealed class PolicyTests(RunningKms kms) : IClassFixture<RunningKms>
{
    private const string Account = $"\"arn:aws:iam::{KmsFiles.Account}:root\"";

    private const string AccountDecides =
        $$"""{"Effect":"Allow","Principal":{"AWS":{{Account}}},"Action":"kms:*","Resource":"*"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string ControlArn => kms.Files.Control.Arn;

    [Fact]
    public async Task Given_a_new_key_when_its_policy_is_read_then_it_leaves_the_decision_to_the_account()
    {
        var key = await kms.NewKeyAsync(Token);

        var policy = await kms.Administrator.GetKeyPolicyAsync(key, "default", Token);
        var names = await kms.Administrator.ListKeyPoliciesAsync(
            new ListKeyPoliciesRequest { KeyId = key },
            Token
        );

        Assert.Contains(
            $"arn:aws:iam::{KmsFiles.Account}:root",
            policy.Policy,
            StringComparison.Ordinal
        );
        Assert.Equal(["default"], names.PolicyNames);
        await PutAsync(key, policy.Policy);
        Assert.NotEmpty((await WrapAsync(key)).CiphertextBlob.ToArray());
    }

    [Fact]
    public async Task Given_a_policy_that_denies_control_when_control_uses_the_key_then_it_is_denied_until_the_policy_goes()
    {
        var key = await kms.NewKeyAsync(Token);
        var deny =
            $$"""{"Effect":"Deny","Principal":{"AWS":"{{ControlArn}}"},"Action":["kms:GenerateDataKey*"],"Resource":"*"}""";

        await PutAsync(key, Policy(AccountDecides, deny));

        Assert.Contains(
            "explicit deny",
            await DeniedAsync(WrapAsync(key)),
            StringComparison.Ordinal
        );
        Assert.True((await kms.Control.DescribeKeyAsync(key, Token)).KeyMetadata.Enabled);
        await PutAsync(key, Policy(AccountDecides));
        Assert.NotEmpty((await WrapAsync(key)).CiphertextBlob.ToArray());
    }

    [Fact]
    public async Task Given_a_policy_with_a_context_when_the_host_decrypts_then_that_context_opens_and_no_other()
    {
        var key = await kms.NewKeyAsync(Token);
        var allow = $$$"""
            {"Effect":"Allow","Principal":{"AWS":"{{{kms.Files.Host.Arn}}}"},"Action":"kms:Decrypt","Resource":"*",
             "Condition":{"StringEquals":{"kms:EncryptionContext:instance":["ins_1","ins_2"]},
                          "StringLike":{"kms:EncryptionContext:purpose":"vol*"} } }
            """;
        await PutAsync(key, Policy(AccountDecides, allow));

        Assert.Equal(32, await OpenAsync("ins_1", "volume"));
        Assert.Equal(32, await OpenAsync("ins_2", "volume"));
        await DeniedAsync(OpenAsync("ins_3", "volume"));
        await DeniedAsync(OpenAsync("ins_1", "backup"));

        async Task<long> OpenAsync(string instance, string purpose)
        {
            var context = new Dictionary<string, string>
            {
                ["instance"] = instance,
                ["purpose"] = purpose,
            };
            var wrapped = await WrapAsync(key, context);
            var opened = await kms.Host.DecryptAsync(
                new DecryptRequest
                {
                    CiphertextBlob = wrapped.CiphertextBlob,
                    EncryptionContext = context,
                },
                Token
            );
            return opened.Plaintext.Length;
        }
    }

    [Fact]
    public async Task Given_a_policy_that_names_nobody_else_when_control_uses_the_key_then_its_rights_do_not_count()
    {
        var key = await kms.NewKeyAsync(Token);
        var only =
            $$"""{"Effect":"Allow","Principal":{"AWS":"{{kms.Files.Administrator.Arn}}"},"Action":"kms:*","Resource":"*"}""";

        await PutAsync(key, Policy(only));

        await DeniedAsync(WrapAsync(key));
        Assert.True((await kms.Administrator.DescribeKeyAsync(key, Token)).KeyMetadata.Enabled);
    }

    [Fact]
    public async Task Given_a_policy_that_locks_its_author_out_when_it_is_put_then_it_is_refused_unless_insisted_on()
    {
        var key = await kms.NewKeyAsync(Token);
        var locked = Policy(
            $$"""{"Effect":"Allow","Principal":{"AWS":"{{ControlArn}}"},"Action":"kms:Describe*","Resource":"*"}"""
        );

        await Assert.ThrowsAsync<MalformedPolicyDocumentException>(() => PutAsync(key, locked));
        await kms.Administrator.PutKeyPolicyAsync(
            new PutKeyPolicyRequest
            {
                KeyId = key,
                Policy = locked,
                BypassPolicyLockoutSafetyCheck = true,
            },
            Token
        );

        await DeniedAsync(kms.Administrator.DescribeKeyAsync(key, Token));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"Version":"2012-10-17"}""")]
    [InlineData(
        """{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"kms:*","Resource":"*"}]}"""
    )]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"""
    )]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":"*","NotAction":"kms:Decrypt","Resource":"*"}]}"""
    )]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"arn:other"}]}"""
    )]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}"""
    )]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"x"}}}]}"""
    )]
    public async Task Given_a_policy_that_could_not_be_enforced_when_it_is_put_then_it_is_malformed(
        string policy
    )
    {
        var key = await kms.NewKeyAsync(Token);

        await Assert.ThrowsAsync<MalformedPolicyDocumentException>(() => PutAsync(key, policy));
    }

    [Fact]
    public async Task Given_control_when_it_puts_a_policy_or_makes_a_key_with_one_then_it_is_denied()
    {
        var key = await kms.NewKeyAsync(Token);
        var policy = Policy(AccountDecides);

        await DeniedAsync(
            kms.Control.PutKeyPolicyAsync(
                new PutKeyPolicyRequest { KeyId = key, Policy = policy },
                Token
            )
        );
        await DeniedAsync(
            kms.Control.CreateKeyAsync(new CreateKeyRequest { Policy = policy }, Token)
        );
        var made = await kms.Administrator.CreateKeyAsync(
            new CreateKeyRequest { Policy = policy },
            Token
        );
        var stored = await kms.Administrator.GetKeyPolicyAsync(
            made.KeyMetadata.KeyId,
            "default",
            Token
        );
        Assert.Equal(policy, stored.Policy);
    }

    private static string Policy(params string[] statements) =>
        $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";

    private Task<PutKeyPolicyResponse> PutAsync(string key, string policy) =>
        kms.Administrator.PutKeyPolicyAsync(
            new PutKeyPolicyRequest { KeyId = key, Policy = policy },
            Token
        );

    private Task<GenerateDataKeyWithoutPlaintextResponse> WrapAsync(
        string key,
        Dictionary<string, string>? context = null
    ) =>
        kms.Control.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest
            {
                KeyId = key,
                KeySpec = DataKeySpec.AES_256,
                EncryptionContext = context ?? [],
            },
            Token
        );

    private static async Task<string> DeniedAsync(Task call)
    {
        var denied = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() => call);
        Assert.Equal("AccessDeniedException", denied.ErrorCode);
        return denied.Message;
    }
}
