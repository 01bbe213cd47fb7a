using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Dbaas.Control.Usage;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Looks for remains, writes the proof into the audit trail, then frees the name.</summary>
internal sealed class ProveDeletion(
    MachineDrivers drivers,
    InstanceStore store,
    UsageMeter usage,
    IEventWriter events,
    TimeProvider time
) : InstanceStep
{
    public override string Name => "finish";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var remains = await RemainsAsync(state, cancellationToken);
        if (remains.Count > 0)
        {
            throw new StepFailedException(
                new Problem(
                    "instance.remains",
                    500,
                    $"The host still holds {string.Join(", ", remains)}."
                ),
                retryable: true
            );
        }

        await ReserveRows.ReleaseAsync(
            store,
            usage,
            time,
            state,
            context,
            (parts, transaction) =>
                events.AppendAsync(
                    transaction,
                    new EventDraft(
                        "instance.deleted",
                        $"{parts.Instance.Name} is deleted: keys first, then data; nothing of it is left."
                    )
                    {
                        Principal = context.RequestedBy,
                        RequestId = context.RequestId.Length > 0 ? context.RequestId : null,
                        ResourceId = state.Instance.ToString(),
                        OperationId = context.Operation.ToString(),
                        Data = new JsonObject
                        {
                            ["volumes"] = new JsonArray([
                                .. state.Members.Select(member =>
                                    (JsonNode)member.Volume.ToString()
                                ),
                            ]),
                            ["machines"] = new JsonArray([
                                .. state.Members.Select(member =>
                                    (JsonNode)member.Machine.ToString()
                                ),
                            ]),
                            ["inventoryChecked"] = true,
                        },
                    },
                    cancellationToken
                ),
            cancellationToken
        );
        return state;
    }

    private async Task<IReadOnlyList<string>> RemainsAsync(
        InstanceState state,
        CancellationToken cancellationToken
    )
    {
        var instance = state.Instance.ToString();
        var remains = new List<string>();
        foreach (var host in state.Members.Select(member => member.Host).Distinct())
        {
            var inventory = await drivers
                .For(state.Region)
                .GetInventoryAsync(host, cancellationToken);
            remains.AddRange(
                inventory
                    .Items.Where(item => item.Owner?.InstanceId == instance)
                    .Select(item => $"{item.Kind} {item.Name}")
            );
        }

        return remains;
    }
}
