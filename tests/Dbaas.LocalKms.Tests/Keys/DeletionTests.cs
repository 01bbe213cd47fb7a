using Amazon.KeyManagementService.Model;

namespace Dbaas.LocalKms.Tests.Keys;

/// <summary>The end of a key. The clock is moved, so the service is this class's own.</summary>
public sealed class DeletionTests : IAsyncLifetime
{
    private readonly RunningKms kms = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => kms.InitializeAsync();

    public ValueTask DisposeAsync() => kms.DisposeAsync();

    [Fact]
    public async Task Given_a_key_whose_waiting_time_is_over_when_the_sweep_ran_then_its_material_is_gone()
    {
        var key = await kms.NewKeyAsync(Token);
        var file = Path.Combine(kms.Files.Data, "keys", key + ".json");
        await kms.Control.CreateAliasAsync("alias/doomed", key, Token);
        await kms.Control.ScheduleKeyDeletionAsync(key, 7, Token);
        Assert.True(File.Exists(file));

        kms.Clock.AdjustTime(kms.Clock.GetUtcNow().AddDays(7));
        kms.Clock.Advance(TimeSpan.FromMinutes(1));

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        while (File.Exists(file))
        {
            await Task.Delay(10, deadline.Token);
        }

        kms.Clock.AdjustTime(DateTimeOffset.UtcNow);
        await Assert.ThrowsAsync<NotFoundException>(() => kms.Control.DescribeKeyAsync(key, Token));
        await Assert.ThrowsAsync<NotFoundException>(() =>
            kms.Control.DescribeKeyAsync("alias/doomed", Token)
        );
    }
}
