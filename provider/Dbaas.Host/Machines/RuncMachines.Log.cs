namespace Dbaas.Host.Machines;

internal sealed partial class RuncMachines
{
    [LoggerMessage(4301, LogLevel.Information, "Machine {Machine} created at {Address}")]
    private partial void LogCreated(string machine, string address);

    [LoggerMessage(4302, LogLevel.Information, "Machine {Machine} started")]
    private partial void LogStarted(string machine);

    [LoggerMessage(4303, LogLevel.Warning, "Machine {Machine} fenced at epoch {Epoch}")]
    private partial void LogFenced(string machine, ulong epoch);

    [LoggerMessage(4304, LogLevel.Information, "Machine {Machine} got the deployed agent")]
    private partial void LogUpgraded(string machine);

    [LoggerMessage(
        4305,
        LogLevel.Warning,
        "Engine of {Machine} was not stopped in order: {Reason}"
    )]
    private partial void LogStopUnanswered(string machine, string reason);

    [LoggerMessage(
        4306,
        LogLevel.Warning,
        "A fence cut the stop of {Machine} short; its engine gets no more time"
    )]
    private partial void LogStopCutShort(string machine);
}
