using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

[assembly: AssemblyFixture(typeof(ControlFixture))]

namespace Dbaas.Control.Tests.Support;

/// <summary>One control service for all tests that only need its API; started by the first of them. Each takes tenants of its own.</summary>
public sealed class ControlFixture : IAsyncDisposable
{
    private readonly PostgresFixture _postgres = new();
    private readonly Lazy<Task<RunningControl>> _control;

    public ControlFixture() =>
        _control = new(async () =>
            await RunningControl.StartAsync(
                await _postgres.ServerAsync(),
                new JsonObject
                {
                    ["rateLimit"] = new JsonObject
                    {
                        ["burst"] = 100_000,
                        ["perSecond"] = 10_000,
                        ["strangerBurst"] = 100_000,
                        ["strangerPerSecond"] = 10_000,
                    },
                }
            )
        );

    internal Task<RunningControl> StartedAsync() => _control.Value;

    internal Task<PrivatePostgres> PostgresAsync() => _postgres.ServerAsync();

    /// <summary>A new tenant and a client of its owner.</summary>
    internal async Task<(HttpClient Owner, string TenantId, string Key)> TenantAsync() =>
        await TenantAsync(await StartedAsync());

    /// <summary>The same in another control service.</summary>
    internal static async Task<(HttpClient Owner, string TenantId, string Key)> TenantAsync(
        RunningControl control
    )
    {
        using var admin = control.Client(control.AdminKey);
        var answer = await admin.PostAsJsonAsync(
            "/v1/tenants",
            new { name = "t" + Guid.NewGuid().ToString("N")[..10] }
        );
        answer.EnsureSuccessStatusCode();
        var created = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var key = created["ownerKey"]!["secret"]!.GetValue<string>();
        return (control.Client(key), created["tenant"]!["id"]!.GetValue<string>(), key);
    }

    /// <summary>As <see cref="TenantAsync()"/>, once the tenant's default key is there: instances can be made.</summary>
    internal async Task<HttpClient> ReadyTenantAsync()
    {
        var (owner, _, _) = await TenantAsync();
        await HasKeyAsync(owner);
        return owner;
    }

    /// <summary>The default key of a new tenant is made by a sweep.</summary>
    internal static Task HasKeyAsync(HttpClient owner) =>
        Eventually.BecomesAsync(
            async () =>
                JsonNode.Parse(await owner.GetStringAsync("/v1/keys"))!["items"]!.AsArray().Count,
            count => count == 1
        );

    public async ValueTask DisposeAsync()
    {
        if (_control.IsValueCreated)
        {
            await (await _control.Value).DisposeAsync();
        }

        await _postgres.DisposeAsync();
    }
}
