using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Instances.Lifecycle;
using Dbaas.Control.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Audit;

/// <summary>
/// Promise 9 for every endpoint that changes something: its audit row is written in the transaction of the change. Where the row cannot
/// be written there is no change, where the change cannot be committed there is no row, and otherwise there are both.
/// </summary>
public sealed class ChangeTrailTests(SteppedControl stepped, PostgresFixture postgres)
    : IClassFixture<SteppedControl>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Names of endpoints; a new one that changes something is added here, and below with a request of its own.</summary>
    public static TheoryData<string> Changing { get; } =
    [
        "CreateTenant",
        "SetQuota",
        "SetPrices",
        "CreateApiKey",
        "DeleteApiKey",
        "RegisterKey",
        "EnrolHost",
        "RefreshImage",
        "CreateInstance",
        "ReplaceInstance",
        "PatchInstance",
        "DeleteInstance",
        "StartInstance",
        "StopInstance",
        "RestartInstance",
        "AcknowledgeInstance",
        "RotateCredentials",
        "CancelOperation",
    ];

    [Fact]
    public void Given_all_endpoints_then_each_that_changes_something_is_tried_here()
    {
        var changing = stepped
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.OfType<IHttpMethodMetadata>().SelectMany(m => m.HttpMethods)
                    is { } methods
                && methods.Any(method => method is not ("GET" or "HEAD"))
                && !endpoint
                    .Metadata.OfType<IAuthorizeData>()
                    .Any(data => data.Policy?.EndsWith(":read", StringComparison.Ordinal) == true)
            )
            .Select(endpoint =>
                endpoint.Metadata.OfType<IEndpointNameMetadata>().Last().EndpointName
            );
        Assert.Equal(Changing.Select(row => row.Data).Order(), changing.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public async Task Given_a_change_then_it_and_its_audit_row_are_one(string endpoint)
    {
        await using var rows = await TableWatch.OpenAsync(
            await postgres.ServerAsync(),
            stepped.Control.Database
        );
        var (api, method, path, body) = await RequestAsync(endpoint);
        using (api)
        {
            var before = await rows.ReadAsync();

            await using (await rows.RefuseEventsAsync())
            {
                var unwritten = await api.SendAsync(method, path, body, wait: 0);
                Assert.True((int)unwritten.Status >= 500, unwritten.ToString());
            }

            Assert.Equal(before, await rows.ReadAsync());

            await using (await rows.RefuseChangesAsync())
            {
                var uncommitted = await api.SendAsync(method, path, body, wait: 0);
                Assert.True((int)uncommitted.Status >= 500, uncommitted.ToString());
            }

            Assert.Equal(before, await rows.ReadAsync());

            var audited = await rows.AuditedAsync();
            var done = await api.SendAsync(method, path, body, wait: 0);
            Assert.True((int)done.Status < 300, done.ToString());
            Assert.NotEqual(before, await rows.ReadAsync());
            Assert.True(await rows.AuditedAsync() > audited, "no audit row");
            if (endpoint == "CreateTenant")
            {
                // Its default key comes with a sweep, which must not fall into the next case.
                using var owner = stepped.Control.Client(
                    done.Body!["ownerKey"]!["secret"]!.GetValue<string>()
                );
                await ControlFixture.HasKeyAsync(owner);
            }
        }
    }

    private async Task<(
        InstanceApi Api,
        HttpMethod Method,
        string Path,
        JsonNode? Body
    )> RequestAsync(string endpoint)
    {
        var name = InstanceApi.Name();
        var owner = new InstanceApi(stepped.Control.Client(stepped.OwnerKey), "run-1");
        var admin = new InstanceApi(stepped.Control.Client(stepped.Control.AdminKey));
        switch (endpoint)
        {
            case "CreateTenant":
                return (admin, HttpMethod.Post, "/tenants", new JsonObject { ["name"] = name });
            case "SetQuota":
                return (
                    admin,
                    HttpMethod.Put,
                    $"/tenants/{stepped.Tenant}/quota",
                    new JsonObject
                    {
                        ["instances"] = 50,
                        ["cpu"] = 50,
                        ["memoryGib"] = 200,
                        ["storageGib"] = 500,
                    }
                );
            case "RefreshImage":
                return (
                    admin,
                    HttpMethod.Post,
                    "/hosts/images/refresh",
                    new JsonObject { ["engine"] = "postgresql", ["version"] = "18" }
                );
            case "SetPrices":
                return (
                    admin,
                    HttpMethod.Put,
                    $"/prices/{RunningControl.Region}",
                    new JsonObject
                    {
                        ["cpuHour"] = 0.01,
                        ["memoryGibHour"] = 0.004,
                        ["storageGibHour"] = 0.0002,
                        ["currency"] = "EUR",
                    }
                );
            case "CreateApiKey":
                return (owner, HttpMethod.Post, "/api-keys", ApiKey(name));
            case "DeleteApiKey":
                var key = await owner.PostAsync("/api-keys", ApiKey(name));
                return (owner, HttpMethod.Delete, $"/api-keys/{key.Body!["key"]!["id"]}", null);
            case "RegisterKey":
                return (
                    owner,
                    HttpMethod.Post,
                    "/keys",
                    new JsonObject { ["alias"] = name, ["region"] = RunningControl.Region }
                );
            case "EnrolHost":
                return (
                    new InstanceApi(stepped.Control.Client(RunningControl.EnrolmentToken)),
                    HttpMethod.Post,
                    "/hosts/enrol",
                    Enrolment()
                );
            case "CreateInstance":
                return (owner, HttpMethod.Post, "/instances", InstanceApi.Inputs(name));
            case "CancelOperation":
                var queued = await owner.PostAsync("/instances", InstanceApi.Inputs(name), wait: 0);
                return (owner, HttpMethod.Post, $"/operations/{queued.Text("id")}/cancel", null);
            default:
                var path = $"/instances/{await stepped.CreateAsync(name)}";
                if (endpoint == "StartInstance")
                {
                    await stepped.RunAsync(HttpMethod.Post, path + "/stop");
                }

                var changed = InstanceApi.Inputs(name);
                changed["cpu"] = 1;
                return endpoint switch
                {
                    "ReplaceInstance" => (owner, HttpMethod.Put, path, changed),
                    "PatchInstance" => (
                        owner,
                        HttpMethod.Patch,
                        path,
                        new JsonObject { ["tags"] = new JsonObject { ["team"] = "a" } }
                    ),
                    "DeleteInstance" => (owner, HttpMethod.Delete, path, null),
                    "StartInstance" => (owner, HttpMethod.Post, path + "/start", null),
                    "StopInstance" => (owner, HttpMethod.Post, path + "/stop", null),
                    "RestartInstance" => (owner, HttpMethod.Post, path + "/restart", null),
                    "AcknowledgeInstance" => (owner, HttpMethod.Post, path + "/acknowledge", null),
                    "RotateCredentials" => (
                        owner,
                        HttpMethod.Post,
                        path + "/credentials/rotate",
                        null
                    ),
                    _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, null),
                };
        }
    }

    private static JsonObject ApiKey(string name) => new() { ["name"] = name, ["role"] = "viewer" };

    private static JsonObject Enrolment()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new JsonObject
        {
            ["region"] = RunningControl.Region,
            ["address"] = "127.0.0.1:7469",
            ["certificateRequestPem"] = new CertificateRequest(
                "CN=host",
                key,
                HashAlgorithmName.SHA256
            ).CreateSigningRequestPem(),
            ["storeCertificateRequestPem"] = new CertificateRequest(
                "CN=10.201.255.1",
                key,
                HashAlgorithmName.SHA256
            ).CreateSigningRequestPem(),
            ["endpointRange"] = "127.101.0.0/16",
            ["keyServiceEndpoint"] = "https://127.0.0.1:7451",
        };
    }
}
