using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Row 25: members that only the platform sets.</summary>
[Collection(BadInputRows.Name)]
public sealed class ReadOnlyRowTests(BadInputControl control)
{
    [Theory]
    [InlineData("status", "\"stopped\"")]
    [InlineData("endpoint", "{\"host\":\"canary-7f3a91\",\"port\":1}")]
    [InlineData("id", "\"canary-7f3a91\"")]
    [InlineData("members", "[]")]
    [InlineData("actualVersion", "\"17\"")]
    [InlineData("operationId", "\"op_1\"")]
    [InlineData("acknowledged", "true")]
    public async Task Given_a_read_only_member_when_sent_then_422_read_only(
        string member,
        string json
    )
    {
        var patched = new JsonObject { [member] = JsonNode.Parse(json) };
        using var patch = Refusal.Request(
            HttpMethod.Patch,
            $"/v1/instances/{control.Instance}",
            patched.ToJsonString()
        );
        await Refusal.IsAsync(control.Owner, patch, 422, "json.read_only", "/" + member);
        var replaced = InstanceApi.Inputs(control.InstanceName);
        replaced[member] = JsonNode.Parse(json);
        foreach (
            var (method, path) in new[]
            {
                (HttpMethod.Put, $"/v1/instances/{control.Instance}"),
                (HttpMethod.Post, "/v1/instances"),
            }
        )
        {
            using var request = Refusal.Request(method, path, replaced.ToJsonString());
            await Refusal.IsAsync(control.Owner, request, 422, "json.read_only", "/" + member);
        }
    }

    [Theory]
    [InlineData("POST /v1/api-keys", "prefix")]
    [InlineData("POST /v1/tenants", "createdAt")]
    [InlineData("POST /v1/keys", "state")]
    public async Task Given_a_member_that_only_answers_have_when_sent_then_422_read_only(
        string route,
        string member
    )
    {
        var body = BodyRoutes.Accepted(route, control);
        body[member] = Refusal.Canary;
        var (method, path) = BodyRoutes.Of(route, control);
        using var request = Refusal.Request(method, path, body.ToJsonString());
        await Refusal.IsAsync(
            control.ClientFor(route),
            request,
            422,
            "json.read_only",
            "/" + member
        );
    }

    [Fact]
    public async Task Given_a_misspelt_member_taken_out_by_a_patch_then_it_is_refused()
    {
        using var patch = Refusal.Request(
            HttpMethod.Patch,
            $"/v1/instances/{control.Instance}",
            """{"tgas":null}"""
        );
        await Refusal.IsAsync(control.Owner, patch, 422, "json.unknown_member", "/tgas", "tags");
    }
}
