using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>
/// Promise 8 for every route with an id, in its path or in its body: what belongs to another tenant is answered in the same words as what
/// never was. A new route that is not tried here fails the first test.
/// </summary>
public sealed class TenantCoverageTests(ControlFixture fixture)
{
    /// <summary>Names of endpoints whose path holds an id of something a tenant owns.</summary>
    public static TheoryData<string> WithId { get; } =
    [
        "GetTenant",
        "SetQuota",
        "DeleteApiKey",
        "GetKey",
        "GetOperation",
        "FollowOperation",
        "CancelOperation",
        "GetInstance",
        "ReplaceInstance",
        "PatchInstance",
        "DeleteInstance",
        "StartInstance",
        "StopInstance",
        "RestartInstance",
        "AcknowledgeInstance",
        "GetCredentials",
        "RotateCredentials",
    ];

    private static readonly SemaphoreSlim s_making = new(1);
    private static (InstanceApi Mine, InstanceApi Theirs, string Instance)? s_made;

    /// <summary>Names in their paths are no tenant's.</summary>
    private static readonly string[] s_public = ["ListEngineParameters", "SetPrices"];

    [Fact]
    public async Task Given_all_endpoints_then_each_with_an_id_in_its_path_is_tried_here()
    {
        var control = await fixture.StartedAsync();
        var withId = ApiEndpoint
            .Of(control.Services)
            .Where(endpoint => endpoint.Route.RoutePattern.Parameters.Count > 0)
            .Select(endpoint => endpoint.Name)
            .Except(s_public);
        Assert.Equal(WithId.Select(row => row.Data).Order(), withId.Order());
    }

    [Theory]
    [MemberData(nameof(WithId))]
    public async Task Given_an_id_of_another_tenant_then_the_answer_is_that_of_a_random_one(
        string name
    )
    {
        var control = await fixture.StartedAsync();
        var endpoint = ApiEndpoint.Of(control.Services).Single(one => one.Name == name);
        var (mine, theirs, instance) = await OwnerAndStrangerAsync();
        var (id, random, body) = await OwnedAsync(endpoint, mine, instance);
        Assert.Equal(id.Length, random.Length);

        var seen = await AskAsync(theirs, endpoint, id, body);
        var none = await AskAsync(theirs, endpoint, random, body);

        Assert.Equal(none, seen);
        // SetQuota is the platform's: who lacks its right learns nothing about the id either.
        Assert.Equal(
            name == "SetQuota" ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound,
            seen.Status
        );
    }

    [Fact]
    public async Task Given_a_key_of_another_tenant_in_a_body_then_the_answer_is_that_of_a_random_one()
    {
        var (mine, _, _) = await OwnerAndStrangerAsync();
        using var theirs = new InstanceApi(await fixture.ReadyTenantAsync(), "run-2");
        var key = (await mine.GetAsync("/keys")).Body!["items"]![0]!["id"]!.GetValue<string>();
        var random = TypedId.New<KeyId>(TimeProvider.System).ToString();

        Assert.Equal(await CreateAsync(random), await CreateAsync(key));
        Assert.Equal(await PlanAsync(random), await PlanAsync(key));

        async Task<(HttpStatusCode, string)> CreateAsync(string id)
        {
            var inputs = InstanceApi.Inputs("foreign-key");
            inputs["kmsKeyId"] = id;
            return Shape(await theirs.PostAsync("/instances", inputs), id);
        }

        async Task<string> PlanAsync(string id)
        {
            var inputs = InstanceApi.Inputs("foreign-key");
            inputs["kmsKeyId"] = id;
            var plan = await theirs.PostAsync(
                "/plan",
                new JsonObject
                {
                    ["resource"] = "DatabaseInstance",
                    ["action"] = "create",
                    ["inputs"] = inputs,
                }
            );
            // Room and forecasts change with what else goes on; they know nothing of keys.
            return $"{plan.Body!["valid"]} {plan.Body["errors"]!.ToJsonString()}".Replace(
                id,
                "ID",
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Given_an_instance_of_another_tenant_in_a_dry_run_then_the_answer_is_that_of_a_random_one()
    {
        await fixture.StartedAsync();
        var (_, theirs, id) = await OwnerAndStrangerAsync();
        var random = TypedId.New<InstanceId>(TimeProvider.System).ToString();

        foreach (var action in (string[])["update", "delete", "start", "stop", "restart"])
        {
            var seen = await PlanAsync(action, id);
            Assert.Equal(await PlanAsync(action, random), seen);
            Assert.Contains("not_found", seen.Item2, StringComparison.Ordinal);
        }

        async Task<(HttpStatusCode, string)> PlanAsync(string action, string asked)
        {
            var request = new JsonObject
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = action,
                ["id"] = asked,
            };
            if (action == "update")
            {
                request["inputs"] = InstanceApi.Inputs(InstanceApi.Name());
            }

            return Shape(await theirs.PostAsync("/plan", request), asked);
        }
    }

    [Fact]
    public async Task Given_lists_and_the_trail_when_they_are_asked_for_another_tenants_things_then_they_are_empty()
    {
        await fixture.StartedAsync();
        var (mine, theirs, id) = await OwnerAndStrangerAsync();
        var name = (await mine.GetAsync($"/instances/{id}")).Text("name");

        foreach (
            var list in (string[])
                [
                    $"/instances?name={name}",
                    $"/operations?resource={id}",
                    $"/audit-events?resource={id}",
                ]
        )
        {
            Assert.NotEmpty((await mine.GetAsync(list)).Body!["items"]!.AsArray());
            Assert.Empty((await theirs.GetAsync(list)).Body!["items"]!.AsArray());
        }
    }

    /// <summary>Two tenants, the first with an instance: made once, because nothing here can change them.</summary>
    private async Task<(
        InstanceApi Mine,
        InstanceApi Theirs,
        string Instance
    )> OwnerAndStrangerAsync()
    {
        await s_making.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (s_made is null)
            {
                var mine = new InstanceApi(await fixture.ReadyTenantAsync(), "run-1");
                var (stranger, _, _) = await fixture.TenantAsync();
                s_made = (
                    mine,
                    new InstanceApi(stranger, "run-2"),
                    await mine.CreateAsync(InstanceApi.Name())
                );
            }

            return s_made.Value;
        }
        finally
        {
            s_making.Release();
        }
    }

    private static async Task<(string Id, string Random, JsonNode? Body)> OwnedAsync(
        ApiEndpoint endpoint,
        InstanceApi mine,
        string instance
    )
    {
        var area = endpoint.Pattern.Split('/')[2];
        switch (area)
        {
            case "tenants":
                var tenant = (await mine.GetAsync("/tenants")).Body!["items"]![0]!["id"]!;
                return (
                    tenant.GetValue<string>(),
                    TypedId.New<TenantId>(TimeProvider.System).ToString(),
                    endpoint.Method == "PUT"
                        ? new JsonObject
                        {
                            ["instances"] = 1,
                            ["cpu"] = 1,
                            ["memoryGib"] = 1,
                            ["storageGib"] = 1,
                        }
                        : null
                );
            case "api-keys":
                var key = await mine.PostAsync(
                    "/api-keys",
                    new JsonObject { ["name"] = InstanceApi.Name(), ["role"] = "viewer" }
                );
                return (
                    key.Body!["key"]!["id"]!.GetValue<string>(),
                    TypedId.New<ApiKeyId>(TimeProvider.System).ToString(),
                    null
                );
            case "keys":
                return (
                    (await mine.GetAsync("/keys")).Body!["items"]![0]!["id"]!.GetValue<string>(),
                    TypedId.New<KeyId>(TimeProvider.System).ToString(),
                    null
                );
            case "operations":
                return (
                    (await mine.GetAsync($"/operations?resource={instance}")).Body!["items"]![0]![
                        "id"
                    ]!.GetValue<string>(),
                    TypedId.New<OperationId>(TimeProvider.System).ToString(),
                    null
                );
            case "instances":
                return (
                    instance,
                    TypedId.New<InstanceId>(TimeProvider.System).ToString(),
                    endpoint.Method switch
                    {
                        "PUT" => InstanceApi.Inputs(InstanceApi.Name()),
                        "PATCH" => new JsonObject { ["cpu"] = 1 },
                        _ => null,
                    }
                );
            default:
                throw new InvalidOperationException(
                    $"{endpoint.Pattern}: say here how a tenant comes to own what it names."
                );
        }
    }

    private static async Task<(HttpStatusCode Status, string Shape)> AskAsync(
        InstanceApi api,
        ApiEndpoint endpoint,
        string id,
        JsonNode? body
    )
    {
        var parameter = endpoint.Route.RoutePattern.Parameters.Single().Name;
        return Shape(
            await api.SendAsync(
                new HttpMethod(endpoint.Method),
                endpoint
                    .Pattern["/v1".Length..]
                    .Replace($"{{{parameter}}}", id, StringComparison.Ordinal),
                body?.DeepClone()
            ),
            id
        );
    }

    /// <summary>The answer without what is different in every answer: the request's id and the id asked for.</summary>
    private static (HttpStatusCode, string) Shape(Answer answer, string id)
    {
        var body = answer.Body!.DeepClone().AsObject();
        body.Remove("requestId");
        return (answer.Status, body.ToJsonString().Replace(id, "ID", StringComparison.Ordinal));
    }
}
