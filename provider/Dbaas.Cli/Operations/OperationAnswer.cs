using System.Net;
using System.Text.Json;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client.Instances;
using Dbaas.Client.Operations;
using Refit;

namespace Dbaas.Cli.Operations;

/// <summary>What a changing call answered: an operation to watch (202), the resource (200, 201) or nothing (204).</summary>
internal sealed record OperationAnswer(OperationView? Operation, InstanceView? Instance)
{
    /// <exception cref="CliException">The service refused.</exception>
    public static OperationAnswer Read(IApiResponse<string> response, string? hint = null)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw ApiProblems.Of(response, hint);
        }

        var body = response.Content;
        return response.StatusCode == HttpStatusCode.Accepted
                ? new(JsonSerializer.Deserialize(body!, JsonOutput.Contract<OperationView>()), null)
            : string.IsNullOrWhiteSpace(body) ? new(null, null)
            : new(null, JsonSerializer.Deserialize(body, JsonOutput.Contract<InstanceView>()));
    }
}
