using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Operations;

/// <summary>New material for a key. The clock is moved here, so the service is this class's own.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private readonly RunningKms kms = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => kms.InitializeAsync();

    public ValueTask DisposeAsync() => kms.DisposeAsync();

    [Fact]
    public async Task Given_ciphertexts_of_every_generation_when_the_key_was_rotated_then_all_of_them_open()
    {
        var key = await kms.NewKeyAsync(Token);
        List<byte[]> blobs = [await EncryptAsync(key, 0)];

        for (byte generation = 1; generation <= 3; generation++)
        {
            await RotateAsync(key);
            blobs.Add(await EncryptAsync(key, generation));
        }

        for (byte generation = 0; generation <= 3; generation++)
        {
            Assert.Equal([generation], await DecryptAsync(blobs[generation]));
        }

        // The material's id follows the key's in the blob: each generation has one of its own.
        Assert.Equal(4, blobs.Select(blob => Convert.ToHexString(blob[17..33])).Distinct().Count());
        Assert.Equal(["ON_DEMAND", "ON_DEMAND", "ON_DEMAND"], await RotationsAsync(key));
    }

    [Fact]
    public async Task Given_automatic_rotation_when_its_period_is_over_then_the_key_has_new_material()
    {
        var key = await kms.NewKeyAsync(Token);
        var before = await EncryptAsync(key, 1);
        await kms.Administrator.EnableKeyRotationAsync(
            new EnableKeyRotationRequest { KeyId = key, RotationPeriodInDays = 90 },
            Token
        );
        var status = await StatusAsync(key);

        var record = Path.Combine(kms.Files.Data, "keys", key + ".json");
        kms.Clock.AdjustTime(kms.Clock.GetUtcNow().AddDays(90));
        kms.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(async () =>
            (await File.ReadAllTextAsync(record, Token)).Contains(
                "AUTOMATIC",
                StringComparison.Ordinal
            )
        );
        // Back to the time that the SDK signs with.
        kms.Clock.AdjustTime(DateTimeOffset.UtcNow);

        Assert.Equal(["AUTOMATIC"], await RotationsAsync(key));
        Assert.True(status.KeyRotationEnabled);
        Assert.Equal(90, status.RotationPeriodInDays);
        Assert.Equal([1], await DecryptAsync(before));
        var after = await StatusAsync(key);
        Assert.Equal(
            status.NextRotationDate!.Value.AddDays(90),
            after.NextRotationDate!.Value,
            TimeSpan.FromMinutes(5)
        );
    }

    [Fact]
    public async Task Given_a_key_without_automatic_rotation_when_its_status_is_asked_then_it_says_so()
    {
        var key = await kms.NewKeyAsync(Token);
        await kms.Administrator.EnableKeyRotationAsync(
            new EnableKeyRotationRequest { KeyId = key },
            Token
        );
        var enabled = await StatusAsync(key);

        await kms.Administrator.DisableKeyRotationAsync(key, Token);
        var disabled = await StatusAsync(key);

        Assert.Equal(365, enabled.RotationPeriodInDays);
        Assert.False(disabled.KeyRotationEnabled);
        Assert.Null(disabled.NextRotationDate);
    }

    [Theory]
    [InlineData(89)]
    [InlineData(2561)]
    public async Task Given_a_period_outside_90_to_2560_days_when_it_is_set_then_validation_refuses_it(
        int days
    )
    {
        var key = await kms.NewKeyAsync(Token);

        var refused = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.Administrator.EnableKeyRotationAsync(
                new EnableKeyRotationRequest { KeyId = key, RotationPeriodInDays = days },
                Token
            )
        );

        Assert.Equal("ValidationException", refused.ErrorCode);
    }

    [Fact]
    public async Task Given_a_disabled_key_when_it_is_rotated_then_it_is_disabled_still()
    {
        var key = await kms.NewKeyAsync(Token);
        await kms.Control.DisableKeyAsync(key, Token);

        await Assert.ThrowsAsync<DisabledException>(() => RotateAsync(key));
        await Assert.ThrowsAsync<DisabledException>(() =>
            kms.Administrator.EnableKeyRotationAsync(
                new EnableKeyRotationRequest { KeyId = key },
                Token
            )
        );
        Assert.Empty(await RotationsAsync(key));
    }

    [Fact]
    public async Task Given_25_rotations_on_demand_when_one_more_is_asked_for_then_the_limit_is_exceeded()
    {
        var key = await kms.NewKeyAsync(Token);
        for (var count = 0; count < 25; count++)
        {
            await RotateAsync(key);
        }

        await Assert.ThrowsAsync<LimitExceededException>(() => RotateAsync(key));
    }

    private Task<RotateKeyOnDemandResponse> RotateAsync(string key) =>
        kms.Administrator.RotateKeyOnDemandAsync(
            new RotateKeyOnDemandRequest { KeyId = key },
            Token
        );

    private Task<GetKeyRotationStatusResponse> StatusAsync(string key) =>
        kms.Administrator.GetKeyRotationStatusAsync(key, Token);

    private async Task<IReadOnlyList<string>> RotationsAsync(string key)
    {
        var listed = await kms.Administrator.ListKeyRotationsAsync(
            new ListKeyRotationsRequest { KeyId = key },
            Token
        );
        return [.. (listed.Rotations ?? []).Select(rotation => rotation.RotationType.Value)];
    }

    private async Task<byte[]> EncryptAsync(string key, byte content) =>
        (
            await kms.Administrator.EncryptAsync(
                new EncryptRequest { KeyId = key, Plaintext = new MemoryStream([content]) },
                Token
            )
        ).CiphertextBlob.ToArray();

    private async Task<byte[]> DecryptAsync(byte[] blob) =>
        (
            await kms.Administrator.DecryptAsync(
                new DecryptRequest { CiphertextBlob = new MemoryStream(blob) },
                Token
            )
        ).Plaintext.ToArray();

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
