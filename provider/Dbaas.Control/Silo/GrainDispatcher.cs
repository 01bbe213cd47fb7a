using Dbaas.Control.Ids;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Silo;

internal sealed partial class GrainDispatcher(IGrainFactory grains, ILogger<GrainDispatcher> logger)
    : IOperationDispatcher
{
    public async Task DispatchAsync(
        TenantId tenant,
        string resourceId,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await grains
                .GetGrain<IInstanceGrain>($"{tenant}/{resourceId}")
                .WakeAsync()
                .WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogLost(exception.Message); // the operation is stored; the sweep finds it within a second
        }
    }

    [LoggerMessage(3103, LogLevel.Warning, "Could not wake the grain of an operation: {Reason}")]
    private partial void LogLost(string reason);
}
