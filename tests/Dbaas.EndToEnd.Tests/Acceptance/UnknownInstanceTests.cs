using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>What never was answers as a problem that programs can tell from others.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class UnknownInstanceTests(SharedPlatform shared)
{
    [Theory]
    [InlineData("/v1/instances/does-not-exist")]
    [InlineData("/v1/instances/ins_00000000000000000000000000000000")]
    public async Task Given_no_such_instance_when_it_is_read_then_the_answer_is_a_problem_with_a_code(
        string path
    )
    {
        var platform = await shared.RunningAsync();
        using var rest = platform.Rest();

        var (status, body) = await rest.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.NotNull(JsonNode.Parse(body)!["code"]);
    }
}
