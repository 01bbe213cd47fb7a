using Dbaas.Provider.Hosting;
using Dbaas.Provider.Terraform.Wire;
using Google.Protobuf;

namespace Dbaas.Provider.Terraform;

/// <summary>What every plugin of this kind offers beside its provider: an orderly end, and streams the host opens and never uses.</summary>
internal static class PluginServices
{
    /// <param name="finish">What is left to do before the end; the host waits for the answer.</param>
    /// <param name="shutDown">Called once the answer to Shutdown is written; without it the host waits 2 s and kills.</param>
    public static IEnumerable<KeyValuePair<string, GrpcMethod>> Methods(
        Func<Task> finish,
        Action shutDown
    ) =>
        [
            new(
                "/plugin.GRPCController/Shutdown",
                GrpcMethod.Of(
                    Empty.Parser,
                    async (_, _) =>
                    {
                        await finish();
                        return new Empty();
                    }
                ) with
                {
                    Answered = shutDown,
                }
            ),
            new("/plugin.GRPCStdio/StreamStdio", new GrpcMethod(Invoke: null)),
            new("/plugin.GRPCBroker/StartStream", new GrpcMethod(Invoke: null)),
            new(
                "/grpc.health.v1.Health/Check",
                GrpcMethod.Of(
                    HealthCheckRequest.Parser,
                    (_, _) =>
                        Task.FromResult<IMessage>(
                            new HealthCheckResponse
                            {
                                Status = HealthCheckResponse.Types.ServingStatus.Serving,
                            }
                        )
                )
            ),
        ];
}
