using System.Text.Json.Nodes;
using Dbaas.Control.Instances;
using Dbaas.Control.Tests.Instances;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Planning;

/// <summary>Promise 5: what the plan calls valid is accepted, and what it refuses is refused, in every status and with every key.</summary>
public sealed class PlanIsTrueTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private static readonly string[] s_statuses =
    [
        InstanceStatuses.Available,
        InstanceStatuses.Stopped,
        InstanceStatuses.Failed,
        InstanceStatuses.Updating,
        InstanceStatuses.Deleting,
    ];

    private static readonly string[] s_keys = ["enabled", "disabled", "denied", "unreachable"];

    [Theory]
    [InlineData("update")]
    [InlineData("delete")]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("restart")]
    public async Task Given_any_status_and_key_then_the_plan_says_what_the_call_answers(
        string action
    )
    {
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        var id = await stepped.CreateAsync(inputs);
        inputs["parameters"] = new JsonObject { ["work_mem"] = "8MB" };
        foreach (var status in s_statuses)
        {
            foreach (var busy in new[] { false, true })
            {
                foreach (var key in s_keys)
                {
                    if (busy && (action == "update" || status == InstanceStatuses.Deleting))
                    {
                        continue; // waits for the other operation, or joins it
                    }

                    await PutAsync(id, status, busy);
                    // The sweep of keys sets their state right again; what it interferes with is tried once more.
                    bool planned;
                    Answer answer;
                    do
                    {
                        await PutAsync(id, status, busy);
                        await KeyAsync(id, key);
                        planned = (
                            await InstanceLifeTests.PlanAsync(
                                stepped.Api,
                                action,
                                id,
                                action == "update" ? inputs : null
                            )
                        )["valid"]!.GetValue<bool>();
                        answer = await stepped.Api.SendAsync(
                            action switch
                            {
                                "update" => HttpMethod.Put,
                                "delete" => HttpMethod.Delete,
                                _ => HttpMethod.Post,
                            },
                            action is "update" or "delete"
                                ? $"/instances/{id}"
                                : $"/instances/{id}/{action}",
                            action == "update" ? inputs : null,
                            wait: 0
                        );
                    } while (await KeyStateAsync(id) != key);

                    Assert.True(
                        planned == (int)answer.Status < 400,
                        $"{action} of an instance that is {status}, {(busy ? "busy" : "free")}, key {key}: planned {planned}, {answer}"
                    );
                }
            }
        }
    }

    private async Task PutAsync(string id, string status, bool busy)
    {
        await stepped.ExecuteAsync(
            "UPDATE operation SET state = 'cancelled', finished_at = now() WHERE resource_id = $1 AND finished_at IS NULL",
            id
        );
        await stepped.ExecuteAsync(
            """
            UPDATE instance SET status = $2, should_run = true, version = version + 1, desired = desired || '{"parameters":{}}',
              operation_id = CASE WHEN $3 THEN (SELECT operation_id FROM operation WHERE resource_id = $1 AND kind = 'instance.create') END
            WHERE instance_id = $1
            """,
            id,
            status,
            busy
        );
    }

    private Task KeyAsync(string id, string state) =>
        stepped.ExecuteAsync(
            "UPDATE customer_key SET state = $2 WHERE key_id = (SELECT key_id FROM instance WHERE instance_id = $1)",
            id,
            state
        );

    private async Task<string> KeyStateAsync(string id)
    {
        foreach (var state in s_keys)
        {
            if (
                await InstanceRemains.CountAsync(
                    stepped.Services,
                    $"SELECT count(*) FROM customer_key JOIN instance USING (key_id) WHERE instance_id = $1 AND state = '{state}'",
                    id
                ) == 1
            )
            {
                return state;
            }
        }

        return "";
    }
}
