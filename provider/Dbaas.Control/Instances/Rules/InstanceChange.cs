using System.Text.Json.Nodes;
using Dbaas.Client.Planning;
using Dbaas.Engines;

namespace Dbaas.Control.Instances.Rules;

/// <summary>One property that really changes.</summary>
/// <param name="Pointer">JSON pointer into the inputs.</param>
/// <param name="Before">As spelled before; null when it was not set.</param>
/// <param name="After">As spelled now; null when it is taken out.</param>
/// <param name="Kind">What it does to the engine; null when nothing.</param>
/// <param name="NeedsRestart">Whether it takes effect only with a restart.</param>
internal sealed record InstanceChange(
    string Pointer,
    JsonNode? Before,
    JsonNode? After,
    EngineChange? Kind,
    bool NeedsRestart
)
{
    /// <param name="immediate">Whether the change policy allows the restart now.</param>
    public PlannedChange ToPlanned(bool immediate) =>
        new(
            Pointer,
            Before,
            After,
            NeedsRestart
                ? immediate
                    ? "restart"
                    : "pending"
                : Kind is null
                    ? "none"
                    : "live"
        );
}
