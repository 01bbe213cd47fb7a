using Dbaas.Control.Ids;

namespace Dbaas.Control.Operations;

internal sealed partial class OperationRunner
{
    [LoggerMessage(3001, LogLevel.Information, "{Kind}: {Step} done in {Milliseconds:F0} ms")]
    private partial void LogStepDone(string kind, string step, double milliseconds);

    [LoggerMessage(
        3002,
        LogLevel.Warning,
        "{Kind}: {Step} failed (attempt {Attempt}, {Code}): {Reason}"
    )]
    private partial void LogStepFailed(
        string kind,
        string step,
        int attempt,
        string code,
        string reason
    );

    [LoggerMessage(3003, LogLevel.Error, "{Kind}: {Step} broke; this is a bug")]
    private partial void LogStepBroken(Exception exception, string kind, string step);

    [LoggerMessage(
        3004,
        LogLevel.Warning,
        "{Kind}: {Step} could not be taken back yet (attempt {Attempt})"
    )]
    private partial void LogUndoFailed(Exception exception, string kind, string step, int attempt);

    [LoggerMessage(3005, LogLevel.Information, "{Kind} {State} after {Milliseconds:F0} ms")]
    private partial void LogEnded(string kind, string state, double milliseconds);

    [LoggerMessage(
        3006,
        LogLevel.Warning,
        "Lost the claim on {Operation}: another silo goes on with it"
    )]
    private partial void LogClaimLost(OperationId operation);

    [LoggerMessage(3007, LogLevel.Warning, "Could not renew the claim on {Operation}")]
    private partial void LogRenewFailed(Exception exception, OperationId operation);

    [LoggerMessage(
        3008,
        LogLevel.Warning,
        "{Kind} with state {Version}, or one of its steps, is unknown here: the operation waits for a silo that knows it"
    )]
    private partial void LogUnknown(string kind, int version);
}
