namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>The platform most tests share. Starts at first use, so that a run without such tests starts nothing; removed at the end.</summary>
public sealed class SharedPlatform : IAsyncLifetime
{
    private readonly Platform platform = new("shared");
    private readonly SemaphoreSlim starting = new(1);
    private bool started;
    private Exception? failure;

    public async Task<Platform> RunningAsync()
    {
        await starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (failure is not null)
            {
                // One start that failed must not cost every test its ten minutes.
                throw new InvalidOperationException("The platform could not be started.", failure);
            }

            if (!started)
            {
                try
                {
                    await platform.StartAfreshAsync();
                    started = true;
                }
                catch (Exception exception)
                {
                    failure = exception;
                    throw;
                }
            }

            return platform;
        }
        finally
        {
            starting.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        starting.Dispose();
        if (
            (started || failure is not null)
            && Environment.GetEnvironmentVariable("DBAAS_KEEP") is null
        )
        {
            await platform.CleanAsync();
        }
    }
}
