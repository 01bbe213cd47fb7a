using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Operations;

/// <summary>Wrapping and opening, seen by the AWS SDK.</summary>
public sealed class DataKeyTests(RunningKms kms) : IClassFixture<RunningKms>
{
    private static readonly Dictionary<string, string> Credentials = new()
    {
        ["tenant"] = "ten_1",
        ["purpose"] = "credentials",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_plaintext_when_it_is_encrypted_then_the_same_context_opens_it()
    {
        var key = await kms.NewKeyAsync(Token);
        var plaintext = new byte[4096];
        Random.Shared.NextBytes(plaintext);

        var encrypted = await EncryptAsync(key, plaintext, Credentials);
        var decrypted = await DecryptAsync(encrypted.CiphertextBlob, Credentials);

        Assert.Equal(plaintext, decrypted.Plaintext.ToArray());
        Assert.Equal(
            $"arn:aws:kms:{KmsFiles.Region}:{KmsFiles.Account}:key/{key}",
            decrypted.KeyId
        );
        Assert.Equal(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT, decrypted.EncryptionAlgorithm);
    }

    [Fact]
    public async Task Given_one_plaintext_when_it_is_encrypted_twice_then_the_ciphertexts_differ()
    {
        var key = await kms.NewKeyAsync(Token);

        var first = await EncryptAsync(key, [1, 2, 3], Credentials);
        var second = await EncryptAsync(key, [1, 2, 3], Credentials);

        Assert.NotEqual(first.CiphertextBlob.ToArray(), second.CiphertextBlob.ToArray());
    }

    [Fact]
    public async Task Given_4097_bytes_when_they_are_encrypted_then_validation_refuses_them()
    {
        var key = await kms.NewKeyAsync(Token);

        var refused = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            EncryptAsync(key, new byte[4097], Credentials)
        );

        Assert.Equal("ValidationException", refused.ErrorCode);
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains("plaintext", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_ciphertext_when_any_byte_is_altered_then_it_does_not_open()
    {
        var key = await kms.NewKeyAsync(Token);
        var blob = (await EncryptAsync(key, [1, 2, 3], Credentials)).CiphertextBlob.ToArray();

        for (var position = 0; position < blob.Length; position++)
        {
            var altered = (byte[])blob.Clone();
            altered[position] ^= 1;
            await Assert.ThrowsAsync<InvalidCiphertextException>(() =>
                DecryptAsync(new MemoryStream(altered), Credentials)
            );
        }
    }

    [Fact]
    public async Task Given_a_ciphertext_when_the_context_differs_in_anything_then_it_does_not_open()
    {
        var key = await kms.NewKeyAsync(Token);
        var blob = (await EncryptAsync(key, [1, 2, 3], Credentials)).CiphertextBlob.ToArray();
        Dictionary<string, string>[] others =
        [
            new() { ["purpose"] = "credentials" },
            new() { ["tenant"] = "ten_2", ["purpose"] = "credentials" },
            new()
            {
                ["tenant"] = "ten_1",
                ["purpose"] = "credentials",
                ["more"] = "",
            },
            new() { ["tenan"] = "tten_1", ["purpose"] = "credentials" },
        ];

        foreach (var other in others)
        {
            await Assert.ThrowsAsync<InvalidCiphertextException>(() =>
                DecryptAsync(new MemoryStream(blob), other)
            );
        }
    }

    [Fact]
    public async Task Given_a_ciphertext_of_one_key_when_another_is_named_then_it_is_the_incorrect_key()
    {
        var key = await kms.NewKeyAsync(Token);
        var other = await kms.NewKeyAsync(Token);
        var encrypted = await EncryptAsync(key, [1], Credentials);

        await Assert.ThrowsAsync<IncorrectKeyException>(() =>
            kms.Control.DecryptAsync(
                new DecryptRequest
                {
                    KeyId = other,
                    CiphertextBlob = encrypted.CiphertextBlob,
                    EncryptionContext = Credentials,
                },
                Token
            )
        );
    }

    [Theory]
    [InlineData("AES_256", null, 32)]
    [InlineData("AES_128", null, 16)]
    [InlineData(null, 64, 64)]
    public async Task Given_a_data_key_when_it_is_opened_then_it_is_the_plaintext_that_was_answered(
        string? spec,
        int? bytes,
        int expected
    )
    {
        var key = await kms.NewKeyAsync(Token);

        var generated = await kms.Control.GenerateDataKeyAsync(
            new GenerateDataKeyRequest
            {
                KeyId = key,
                KeySpec = spec,
                NumberOfBytes = bytes,
                EncryptionContext = Credentials,
            },
            Token
        );
        var opened = await DecryptAsync(generated.CiphertextBlob, Credentials);

        Assert.Equal(expected, generated.Plaintext.Length);
        Assert.Equal(generated.Plaintext.ToArray(), opened.Plaintext.ToArray());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("AES_256", 32)]
    [InlineData(null, 1025)]
    public async Task Given_no_single_length_when_a_data_key_is_asked_for_then_validation_refuses(
        string? spec,
        int? bytes
    )
    {
        var key = await kms.NewKeyAsync(Token);

        var refused = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.Control.GenerateDataKeyWithoutPlaintextAsync(
                new GenerateDataKeyWithoutPlaintextRequest
                {
                    KeyId = key,
                    KeySpec = spec,
                    NumberOfBytes = bytes,
                },
                Token
            )
        );

        Assert.Equal("ValidationException", refused.ErrorCode);
    }

    [Fact]
    public async Task Given_a_wrapped_key_when_it_is_rewrapped_then_the_new_key_alone_is_needed()
    {
        var (old, next) = (await kms.NewKeyAsync(Token), await kms.NewKeyAsync(Token));
        var encrypted = await EncryptAsync(old, [7, 8, 9], Credentials);

        var rewrapped = await kms.Control.ReEncryptAsync(
            new ReEncryptRequest
            {
                CiphertextBlob = encrypted.CiphertextBlob,
                SourceEncryptionContext = Credentials,
                DestinationKeyId = next,
                DestinationEncryptionContext = Credentials,
            },
            Token
        );
        await kms.Control.DisableKeyAsync(old, Token);
        var opened = await DecryptAsync(rewrapped.CiphertextBlob, Credentials);

        Assert.Equal([7, 8, 9], opened.Plaintext.ToArray());
        Assert.EndsWith(next, rewrapped.KeyId, StringComparison.Ordinal);
        Assert.EndsWith(old, rewrapped.SourceKeyId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_dry_run_when_it_would_be_allowed_then_nothing_is_answered()
    {
        var key = await kms.NewKeyAsync(Token);

        await Assert.ThrowsAsync<DryRunOperationException>(() =>
            kms.Control.EncryptAsync(
                new EncryptRequest
                {
                    KeyId = key,
                    Plaintext = new MemoryStream([1]),
                    EncryptionContext = Credentials,
                    DryRun = true,
                },
                Token
            )
        );
    }

    [Fact]
    public async Task Given_a_number_of_bytes_when_random_is_asked_for_then_so_many_come()
    {
        var random = await kms.Control.GenerateRandomAsync(
            new GenerateRandomRequest { NumberOfBytes = 100 },
            Token
        );

        Assert.Equal(100, random.Plaintext.Length);
        Assert.Contains(random.Plaintext.ToArray(), value => value != 0);
    }

    private Task<EncryptResponse> EncryptAsync(
        string key,
        byte[] plaintext,
        Dictionary<string, string> context
    ) =>
        kms.Control.EncryptAsync(
            new EncryptRequest
            {
                KeyId = key,
                Plaintext = new MemoryStream(plaintext),
                EncryptionContext = context,
            },
            Token
        );

    private Task<DecryptResponse> DecryptAsync(
        MemoryStream ciphertext,
        Dictionary<string, string> context
    ) =>
        kms.Control.DecryptAsync(
            new DecryptRequest { CiphertextBlob = ciphertext, EncryptionContext = context },
            Token
        );
}
