using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Agent;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Requests to the agent in a machine, through whichever driver the region has.</summary>
internal sealed class AgentCalls(MachineDrivers drivers)
{
    public async Task<AgentHealth> HealthAsync(
        string region,
        MemberState member,
        CancellationToken cancellationToken
    ) =>
        Read(
            await drivers
                .For(region)
                .CallAgentAsync(
                    member.Host,
                    new AgentCall
                    {
                        MachineId = member.Machine.ToString(),
                        Path = AgentPaths.Health,
                        TimeoutSeconds = 5,
                    },
                    cancellationToken
                ),
            AgentJson.Default.AgentHealth,
            AgentPaths.Health
        );

    /// <exception cref="StepFailedException">The engine could not do it; carries its last log lines.</exception>
    public async Task<ApplyResult> ChangeAsync<TBody>(
        InstanceState state,
        MemberState member,
        string path,
        TBody body,
        JsonTypeInfo<TBody> type,
        TimeSpan deadline,
        CancellationToken cancellationToken
    )
    {
        var reply = await drivers
            .For(state.Region)
            .CallAgentAsync(
                member.Host,
                new AgentCall
                {
                    MachineId = member.Machine.ToString(),
                    Path = path,
                    Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(body, type)),
                    TimeoutSeconds = (int)Math.Ceiling(deadline.TotalSeconds),
                    Epoch = state.Epoch,
                },
                cancellationToken
            );
        var result = Read(reply, AgentJson.Default.ApplyResult, path);
        return result.Succeeded
            ? result
            : throw new StepFailedException(
                new Problem(
                    result.Code.Length > 0 ? result.Code : "engine.failed",
                    500,
                    result.Message
                )
                {
                    LogLines = result.LogLines,
                },
                retryable: result.Code == AgentFailures.Interrupted
            );
    }

    private static T Read<T>(AgentReply reply, JsonTypeInfo<T> type, string path)
        where T : class
    {
        if (reply.Status is < 200 or > 299 && reply.Body.IsEmpty)
        {
            throw new MachineDriverException(
                "agent.refused",
                $"The agent answered {reply.Status} to {path}.",
                retryable: reply.Status >= 500
            );
        }

        try
        {
            return JsonSerializer.Deserialize(reply.Body.Span, type)
                ?? throw new MachineDriverException(
                    "agent.bad_answer",
                    $"The agent's answer to {path} is empty.",
                    retryable: true
                );
        }
        catch (JsonException exception)
        {
            throw new MachineDriverException(
                "agent.bad_answer",
                $"The agent's answer to {path} ({reply.Status}) cannot be read.",
                reply.Status >= 500,
                exception
            );
        }
    }
}
