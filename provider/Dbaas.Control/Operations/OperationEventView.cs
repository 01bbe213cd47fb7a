using System.Text.Json.Nodes;

namespace Dbaas.Control.Operations;

/// <summary>One event of an operation in its stream.</summary>
internal sealed record OperationEventView(
    DateTimeOffset At,
    string Kind,
    string Severity,
    string Message,
    JsonNode? Data
);
