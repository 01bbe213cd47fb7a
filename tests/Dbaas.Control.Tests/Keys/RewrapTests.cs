using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.Control.Ids;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Keys;

/// <summary>Another customer key for data that is there: the data key stays, its wrapping changes, the key service does it.</summary>
public sealed class RewrapTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_another_key_then_the_same_data_key_opens_with_it_alone()
    {
        var (control, owner, tenant) = await TenantAsync();
        var (first, firstArn) = await KeyAsync(owner, "default-" + RunningControl.Region);
        var (second, secondArn) = await RegisterAsync(owner, "second");
        var keys = control.Services.GetRequiredService<IDataKeys>();
        using var kms = DataKeyTests.HostClient(control);
        var instance = TypedId.New<InstanceId>(TimeProvider.System);
        var before = (
            await keys.EnsureAsync(new(tenant, first, instance, "vol_r", "volume"), Token)
        ).Value!;
        var plain = await OpenAsync(keys, kms, tenant, before);

        Assert.Equal(1, (await keys.RewrapAsync(tenant, "vol_r", second, Token)).Value);
        Assert.Equal(0, (await keys.RewrapAsync(tenant, "vol_r", second, Token)).Value); // a repeated step

        await DisableAsync(control, firstArn);
        var after = (
            await keys.EnsureAsync(new(tenant, second, instance, "vol_r", "volume"), Token)
        ).Value!;
        Assert.Equal(before.WrappedKeyId, after.WrappedKeyId);
        Assert.Equal(second, after.KeyId);
        Assert.Equal(DataKeys.ContextOf(before), DataKeys.ContextOf(after));
        Assert.NotEqual(before.Ciphertext, after.Ciphertext);
        Assert.Equal(plain, await OpenAsync(keys, kms, tenant, after));

        // Back needs the old key, and says so.
        Assert.Equal(
            "key.disabled",
            (await keys.RewrapAsync(tenant, "vol_r", first, Token)).Problem!.Code
        );
        await DisableAsync(control, secondArn);
        Assert.Equal(
            "key.disabled",
            (await keys.GrantAsync(tenant, after.WrappedKeyId, Token)).Problem!.Code
        );
        Assert.Equal(
            "key.unknown",
            (
                await keys.RewrapAsync(
                    tenant,
                    "vol_r",
                    TypedId.New<KeyId>(TimeProvider.System),
                    Token
                )
            )
                .Problem!
                .Code
        );
    }

    [Fact]
    public async Task Given_a_running_instance_when_its_kms_key_changes_then_all_its_data_keys_move_and_nothing_restarts()
    {
        var (control, owner, tenant) = await TenantAsync();
        var (_, firstArn) = await KeyAsync(owner, "default-" + RunningControl.Region);
        var (second, _) = await RegisterAsync(owner, "second");
        var created = await SendAsync(owner, HttpMethod.Post, "/v1/instances", Inputs("rekeyed"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var password = await PasswordAsync(owner);

        var plan = await SendAsync(
            owner,
            HttpMethod.Post,
            "/v1/plan",
            new JsonObject
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = "update",
                ["id"] = "rekeyed",
                ["inputs"] = With(Inputs("rekeyed"), "second"),
            }
        );
        var planned = JsonNode.Parse(await plan.Content.ReadAsStringAsync(Token))!;
        Assert.True(planned["valid"]!.GetValue<bool>(), planned.ToJsonString());
        Assert.False(planned["restart"]!.GetValue<bool>());
        Assert.Equal(
            "/kmsKeyId",
            Assert.Single(planned["changes"]!.AsArray())!["pointer"]!.GetValue<string>()
        );

        var changed = await PatchAsync(owner, "second");
        Assert.True(
            changed.StatusCode == HttpStatusCode.OK,
            await changed.Content.ReadAsStringAsync(Token)
        );
        await DisableAsync(control, firstArn); // what hangs on the old key would break now
        Assert.Equal(password, await PasswordAsync(owner));
        Assert.All(await KeysOfAsync(control, tenant), key => Assert.Equal(second, key));

        // The id of the key in place of its alias is the same wish: no operation.
        var operations = await owner.GetStringAsync("/v1/operations", Token);
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(owner, second.ToString())).StatusCode);
        Assert.Equal(operations, await owner.GetStringAsync("/v1/operations", Token));
    }

    [Fact]
    public async Task Given_a_key_that_is_unknown_or_cannot_be_used_then_the_instance_keeps_its_own()
    {
        var (control, owner, tenant) = await TenantAsync();
        var (first, _) = await KeyAsync(owner, "default-" + RunningControl.Region);
        var (_, secondArn) = await RegisterAsync(owner, "second");
        Assert.Equal(
            HttpStatusCode.Created,
            (await SendAsync(owner, HttpMethod.Post, "/v1/instances", Inputs("rekeyed"))).StatusCode
        );

        var unknown = await PatchAsync(owner, "nowhere");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        Assert.Contains(
            "/kmsKeyId",
            await unknown.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );

        // Whether the platform knows already or learns it from the key service within the step, the answer names the reason.
        await DisableAsync(control, secondArn);
        var disabled = await PatchAsync(owner, "second");
        Assert.True(
            disabled.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity,
            disabled.ToString()
        );
        Assert.Contains(
            "disabled",
            await disabled.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );
        Assert.All(await KeysOfAsync(control, tenant), key => Assert.Equal(first, key));
        var view = JsonNode.Parse(await owner.GetStringAsync("/v1/instances/rekeyed", Token))!;
        Assert.Equal("available", view["status"]!.GetValue<string>());
        Assert.NotEqual("second", view["kmsKeyId"]!.GetValue<string>());
        Assert.NotEmpty(await PasswordAsync(owner));
    }

    private async Task<(RunningControl, HttpClient, TenantId)> TenantAsync()
    {
        var (owner, id, _) = await fixture.TenantAsync();
        await Eventually.BecomesAsync(
            async () =>
                JsonNode.Parse(await owner.GetStringAsync("/v1/keys", Token))!["items"]!
                    .AsArray()
                    .Count,
            count => count == 1
        );
        return (await fixture.StartedAsync(), owner, TypedId.Parse<TenantId>(id));
    }

    /// <summary>The tenant's only key so far, whatever its alias.</summary>
    private static async Task<(KeyId Id, string Arn)> KeyAsync(HttpClient owner, string alias)
    {
        var keys = JsonNode.Parse(await owner.GetStringAsync("/v1/keys", Token))![
            "items"
        ]!.AsArray();
        var key =
            keys.Count == 1
                ? keys[0]!
                : keys.Single(one => one!["alias"]!.GetValue<string>() == alias)!;
        return (
            TypedId.Parse<KeyId>(key["id"]!.GetValue<string>()),
            key["arn"]!.GetValue<string>()
        );
    }

    private static async Task<(KeyId Id, string Arn)> RegisterAsync(HttpClient owner, string alias)
    {
        var answer = await SendAsync(
            owner,
            HttpMethod.Post,
            "/v1/keys",
            new JsonObject { ["alias"] = alias, ["region"] = RunningControl.Region }
        );
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return await KeyAsync(owner, alias);
    }

    private static async Task<List<KeyId>> KeysOfAsync(RunningControl control, TenantId tenant)
    {
        await using var transaction = await control
            .Services.GetRequiredService<ITenantTransactions>()
            .BeginAsync(tenant, Token);
        var keys = await transaction
            .Db.Set<WrappedKeyRow>()
            .Where(row => row.RetiredAt == null)
            .Select(row => row.KeyId)
            .ToListAsync(Token);
        Assert.Equal(2, keys.Count); // of the volume and of the secrets
        return keys;
    }

    private static async Task<byte[]> OpenAsync(
        IDataKeys keys,
        AmazonKeyManagementServiceClient kms,
        TenantId tenant,
        WrappedKeyRow row
    )
    {
        var granted = (await keys.GrantAsync(tenant, row.WrappedKeyId, Token)).Value!;
        return await DataKeyTests.DecryptAsync(kms, row, granted.Message.GrantToken);
    }

    private static Task<DisableKeyResponse> DisableAsync(RunningControl control, string arn) =>
        control
            .Services.GetRequiredService<IKeyServices>()
            .Of(RunningControl.Region)
            .DisableKeyAsync(new DisableKeyRequest { KeyId = arn }, Token);

    private static async Task<string> PasswordAsync(HttpClient owner) =>
        JsonNode.Parse(await owner.GetStringAsync("/v1/instances/rekeyed/credentials", Token))![
            "password"
        ]!.GetValue<string>();

    private static Task<HttpResponseMessage> PatchAsync(HttpClient owner, string key) =>
        SendAsync(
            owner,
            HttpMethod.Patch,
            "/v1/instances/rekeyed",
            new JsonObject { ["kmsKeyId"] = key }
        );

    private static JsonObject With(JsonObject inputs, string key)
    {
        inputs["kmsKeyId"] = key;
        return inputs;
    }

    private static JsonObject Inputs(string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = "postgresql",
            ["region"] = RunningControl.Region,
            ["cpu"] = 1,
            ["memoryGib"] = 1,
            ["storageGib"] = 1,
            ["deletionProtection"] = false,
        };

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient owner,
        HttpMethod method,
        string path,
        JsonObject body
    )
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "wait=60");
        return await owner.SendAsync(request, Token);
    }
}
