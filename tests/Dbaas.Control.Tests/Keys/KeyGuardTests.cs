using System.Net;
using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Keys;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Keys;

/// <summary>Databases whose customer takes the key away and gives it back, with the real key service and simulated machines.</summary>
public sealed class KeyGuardTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("available", true, "disabled", "instance.stop")]
    [InlineData("available", true, "pending_deletion", "instance.stop")]
    [InlineData("available", true, "denied", "instance.stop")]
    [InlineData("available", true, "missing", "instance.stop")]
    [InlineData("failed", true, "disabled", "instance.stop")]
    [InlineData("available", true, "unreachable", null)]
    [InlineData("available", true, "enabled", null)]
    [InlineData("failed", true, "enabled", null)]
    [InlineData("stopped", true, "enabled", "instance.start")]
    [InlineData("stopped", true, "disabled", null)]
    [InlineData("stopped", true, "unreachable", null)]
    [InlineData("stopped", false, "enabled", null)]
    [InlineData("provisioning", true, "disabled", null)]
    [InlineData("deleting", false, "disabled", null)]
    public void Given_an_instance_and_its_keys_state_then_the_guard_decides(
        string status,
        bool shouldRun,
        string keyState,
        string? expected
    )
    {
        var row = Row(status, shouldRun);

        Assert.Equal(expected, KeyGuard.Decide(row, keyState));
        row.OperationId = "op_x";
        Assert.Null(KeyGuard.Decide(row, keyState));
    }

    [Fact]
    public async Task Given_a_running_instance_when_its_key_is_disabled_and_enabled_then_it_stops_says_why_and_serves_again()
    {
        using var api = new InstanceApi(await fixture.ReadyTenantAsync());
        using var kms = await OwnerOfKeysAsync();
        var name = InstanceApi.Name();
        var id = await api.CreateAsync(name);
        var arn = await DefaultArnAsync(api);

        await kms.DisableKeyAsync(arn, Token);
        var stopped = await StatusAsync(api, id, "stopped");

        Assert.Contains("disabled", stopped.Text("statusReason"), StringComparison.Ordinal);
        var refused = await api.PostAsync($"/instances/{id}/start");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal("key.disabled", refused.Text("code"));
        // A change that needs the engine could neither arrive nor be taken back; what is only written down goes on.
        var change = await api.SendAsync(
            HttpMethod.Patch,
            $"/instances/{id}",
            new JsonObject { ["cpu"] = 2 }
        );
        Assert.Equal(
            (HttpStatusCode.Conflict, "instance.status_wrong"),
            (change.Status, change.Text("code"))
        );
        var tagged = await api.SendAsync(
            HttpMethod.Patch,
            $"/instances/{id}",
            new JsonObject { ["tags"] = new JsonObject { ["team"] = "shop" } }
        );
        Assert.Equal(HttpStatusCode.OK, tagged.Status);
        Assert.Contains(
            "instance.key_state",
            (await api.GetAsync($"/audit-events?resource={id}")).Body!.ToJsonString(),
            StringComparison.Ordinal
        );

        await kms.EnableKeyAsync(arn, Token);
        var back = await StatusAsync(api, id, "available");
        Assert.Null(back.Body!["statusReason"]);
    }

    [Fact]
    public async Task Given_an_instance_stopped_with_its_key_when_the_user_stops_it_too_then_it_stays_stopped()
    {
        using var api = new InstanceApi(await fixture.ReadyTenantAsync());
        using var kms = await OwnerOfKeysAsync();
        var id = await api.CreateAsync(InstanceApi.Name());
        var sentinel = await api.CreateAsync(InstanceApi.Name());
        var arn = await DefaultArnAsync(api);
        await kms.ScheduleKeyDeletionAsync(arn, 7, Token);
        var stopped = await StatusAsync(api, id, "stopped");
        await StatusAsync(api, sentinel, "stopped");
        Assert.Contains("pending deletion", stopped.Text("statusReason"), StringComparison.Ordinal);

        await api.PostAsync($"/instances/{id}/stop");
        await kms.CancelKeyDeletionAsync(arn, Token);
        await kms.EnableKeyAsync(arn, Token);

        // The other one of the same key shows that the key's return was seen.
        await StatusAsync(api, sentinel, "available");
        Assert.Equal("stopped", (await api.GetAsync($"/instances/{id}")).Text("status"));
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"/instances/{id}/start")).Status);
    }

    [Fact]
    public async Task Given_a_rotated_key_when_the_instance_is_stopped_and_started_then_its_old_data_key_opens()
    {
        using var api = new InstanceApi(await fixture.ReadyTenantAsync());
        using var kms = await OwnerOfKeysAsync();
        var id = await api.CreateAsync(InstanceApi.Name());
        var arn = await DefaultArnAsync(api);

        await kms.RotateKeyOnDemandAsync(new() { KeyId = arn }, Token);
        await api.PostAsync($"/instances/{id}/stop");
        await api.PostAsync($"/instances/{id}/start");

        Assert.Equal("available", (await api.GetAsync($"/instances/{id}")).Text("status"));
        var other = await api.CreateAsync(InstanceApi.Name());
        Assert.Equal("available", (await api.GetAsync($"/instances/{other}")).Text("status"));
    }

    [Fact]
    public async Task Given_a_policy_that_denies_the_platform_when_it_is_put_and_taken_back_then_the_instance_stops_and_returns()
    {
        using var api = new InstanceApi(await fixture.ReadyTenantAsync());
        using var kms = await OwnerOfKeysAsync();
        var id = await api.CreateAsync(InstanceApi.Name());
        var arn = await DefaultArnAsync(api);
        var before = (await kms.GetKeyPolicyAsync(arn, "default", Token)).Policy;
        var denying = JsonNode.Parse(before)!;
        denying["Statement"]!
            .AsArray()
            .Add(
                JsonNode.Parse(
                    """{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:user/dbaas-control"},"Action":"kms:*","Resource":"*"}"""
                )
            );

        await kms.PutKeyPolicyAsync(arn, denying.ToJsonString(), "default", Token);
        var stopped = await StatusAsync(api, id, "stopped");
        Assert.Contains("denied", stopped.Text("statusReason"), StringComparison.Ordinal);
        var create = await api.PostAsync("/instances", InstanceApi.Inputs(InstanceApi.Name()));
        // Refused before anything is made, with the reason on the property it concerns.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, create.Status);
        var error = Assert.Single(create.Body!["errors"]!.AsArray())!;
        Assert.Equal("/kmsKeyId", error["pointer"]!.GetValue<string>());
        Assert.Contains("denied", error["message"]!.GetValue<string>(), StringComparison.Ordinal);

        await kms.PutKeyPolicyAsync(arn, before, "default", Token);
        await StatusAsync(api, id, "available");
    }

    private static Task<Answer> StatusAsync(InstanceApi api, string id, string wanted) =>
        Eventually.BecomesAsync(
            () => api.GetAsync($"/instances/{id}"),
            answer => answer.Text("status") == wanted,
            TimeSpan.FromSeconds(60)
        );

    private static async Task<string> DefaultArnAsync(InstanceApi api) =>
        (await api.GetAsync("/keys")).Body!["items"]![0]!["arn"]!.GetValue<string>();

    private async Task<AmazonKeyManagementServiceClient> OwnerOfKeysAsync()
    {
        var control = await fixture.StartedAsync();
        var file = JsonNode.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(control.KmsSecrets, "kms-administrator.json"),
                Token
            )
        )!;
        return new(
            new BasicAWSCredentials(
                file["accessKeyId"]!.GetValue<string>(),
                file["secretAccessKey"]!.GetValue<string>()
            ),
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = control.KmsAddress,
                AuthenticationRegion = RunningControl.Region,
                HttpClientFactory = new TrustingHttpClientFactory(control.KmsCa),
            }
        );
    }

    private static InstanceRow Row(string status, bool shouldRun) =>
        new()
        {
            InstanceId = TypedId.New<InstanceId>(TimeProvider.System),
            TenantId = TypedId.New<TenantId>(TimeProvider.System),
            Name = "shop",
            Engine = "postgresql",
            Region = RunningControl.Region,
            KeyId = TypedId.New<KeyId>(TimeProvider.System),
            Cluster = "",
            Desired = new JsonObject(),
            Status = status,
            ShouldRun = shouldRun,
            PendingChanges = new JsonArray(),
            CreatedBy = "",
            CreatedAt = default,
            UpdatedAt = default,
        };
}
