namespace Dbaas.Cli.Operations;

/// <param name="InstanceId">The resource the operation left behind, or works on where nobody waited; null when it left none.</param>
internal sealed record OperationResult(int ExitCode, string? InstanceId);
