namespace Dbaas.Cli.Operations;

/// <param name="InstanceId">The resource the operation left behind, null when it left none or was not waited for.</param>
internal sealed record OperationResult(int ExitCode, string? InstanceId);
