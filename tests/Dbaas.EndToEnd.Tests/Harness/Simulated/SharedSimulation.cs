namespace Dbaas.EndToEnd.Tests.Harness.Simulated;

/// <summary>The simulated platform that tests share; it starts at first use.</summary>
public sealed class SharedSimulation : IAsyncDisposable
{
    private Task<SimulatedPlatform>? running;

    /// <summary>Tests do not run side by side, so the first to ask starts it.</summary>
    internal Task<SimulatedPlatform> RunningAsync() =>
        running ??= SimulatedPlatform.StartAsync(outlivesItsService: true);

    public async ValueTask DisposeAsync()
    {
        if (running is { IsCompletedSuccessfully: true })
        {
            await (await running).DisposeAsync();
        }
    }
}
