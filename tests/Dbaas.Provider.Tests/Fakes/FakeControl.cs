using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dbaas.Provider.Tests.Fakes;

/// <summary>
/// A control service with memory but without databases: what the provider may rely on, over real HTTPS. The real one is tried in the
/// end-to-end tests.
/// </summary>
internal sealed class FakeControl : IAsyncDisposable
{
    public const string ApiKey = "dbk_test_do_not_leak";
    public const string Password = "s3cret-never-stored";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly FakeAuthority authority = new();
    private readonly WebApplication app;

    private FakeControl()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(authority.Server))
        );
        app = builder.Build();
        CaFile = Path.Combine(Path.GetTempPath(), $"dbaas-test-ca-{Guid.NewGuid():N}.pem");
        File.WriteAllText(CaFile, authority.Pem);
        Map();
    }

    public string CaFile { get; }
    public string Endpoint => app.Urls.First();
    public ConcurrentDictionary<string, FakeInstance> Instances { get; } = new();
    public ConcurrentBag<string> Requests { get; } = [];

    /// <summary>Creates wait for this before they are done.</summary>
    public TaskCompletionSource? CreateGate { get; set; }

    /// <summary>The next create ends as this failure, undone.</summary>
    public ProblemBody? NextCreateFails { get; set; }

    /// <summary>Answers 429 so many times before anything else.</summary>
    public int Throttled { get; set; }

    public static async Task<FakeControl> StartAsync()
    {
        var control = new FakeControl();
        await control.app.StartAsync();
        return control;
    }

    public FakeInstance Only => Instances.Values.Single();

    public async ValueTask DisposeAsync()
    {
        CreateGate?.TrySetResult();
        await app.DisposeAsync();
        authority.Dispose();
        File.Delete(CaFile);
    }

    private void Map()
    {
        app.Use(
            async (context, next) =>
            {
                Requests.Add(
                    $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}"
                );
                if (context.Request.Headers.Authorization != $"Bearer {ApiKey}")
                {
                    await Problem(401, "access.unauthenticated", "The API key is not known.")
                        .ExecuteAsync(context);
                }
                else if (Throttled > 0)
                {
                    Throttled--;
                    context.Response.Headers.RetryAfter = "0";
                    await Problem(429, "rate.limited", "Too many requests.").ExecuteAsync(context);
                }
                else
                {
                    await next(context);
                }
            }
        );
        app.MapPost("/v1/plan", (PlanRequest request) => Answer(FakePlan.Judge(this, request)));
        app.MapPost("/v1/instances", (Delegate)CreateAsync);
        app.MapGet(
            "/v1/instances/{id}",
            (string id) => Find(id) is { } found ? Answer(found.View()) : Gone(id)
        );
        app.MapPut(
            "/v1/instances/{id}",
            async (string id, HttpContext context) => await UpdateAsync(id, context)
        );
        app.MapDelete("/v1/instances/{id}", Delete);
        app.MapPost("/v1/instances/{id}/acknowledge", (string id) => Acknowledge(id));
        app.MapGet(
            "/v1/instances/{id}/credentials",
            (string id) => Find(id) is not null ? Answer(FakeInstance.Credentials()) : Gone(id)
        );
        app.MapGet("/v1/operations/{id}", (string id, int? wait) => WaitAsync(id, wait ?? 0));
        app.MapGet(
            "/v1/engines",
            (string? engine) =>
                Answer(new { versions = engine is null or "postgresql" ? FakePlan.Versions : [] })
        );
        app.MapGet(
            "/v1/regions",
            () =>
                Answer(
                    new
                    {
                        regions = new[]
                        {
                            new
                            {
                                name = "local-a",
                                available = true,
                                freeMemoryGib = 8.5,
                                freeStorageGib = 100,
                            },
                        },
                    }
                )
        );
    }

    internal FakeInstance? Find(string idOrName) =>
        Instances.Values.FirstOrDefault(instance =>
            instance.Id == idOrName || instance.Name == idOrName
        );

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        var inputs = await ReadAsync<JsonObject>(context);
        if (NextCreateFails is { } failure)
        {
            NextCreateFails = null;
            return TypedResults.Json(
                FakeInstance.Operation("op_failed", "undone", "ins_gone", failure),
                Json,
                statusCode: 202
            );
        }

        var run = context.Request.Headers[DbaasHeaders.RunId].ToString();
        Assert.NotEmpty(run);
        if (Find((string)inputs["name"]!) is { } existing)
        {
            if (existing.Acknowledged)
            {
                return Problem(409, "instance.name_taken", "The name is taken; import it instead.");
            }

            existing.Run = run;
            await existing.Done;
            return Answer(existing.View());
        }

        var created = new FakeInstance(inputs, run, CreateGate?.Task ?? Task.CompletedTask);
        Instances[created.Id] = created;
        return created.Done.IsCompleted
            ? TypedResults.Json(created.View(), Json, statusCode: 201)
            : TypedResults.Json(
                FakeInstance.Operation("op_" + created.Id, "running", created.Id, null),
                Json,
                statusCode: 202
            );
    }

    private async Task<IResult> UpdateAsync(string id, HttpContext context)
    {
        if (Find(id) is not { } found)
        {
            return Gone(id);
        }

        var inputs = await ReadAsync<JsonObject>(context);
        if (
            FakePlan.Judge(
                this,
                new PlanRequest
                {
                    Resource = "DatabaseInstance",
                    Action = "update",
                    Id = id,
                    Inputs = inputs,
                }
            ) is
            { Valid: false } refused
        )
        {
            return TypedResults.Json(
                new ProblemBody
                {
                    Title = "Refused",
                    Status = 422,
                    Code = "instance.invalid",
                    Errors = refused.Errors,
                },
                Json,
                "application/problem+json",
                422
            );
        }

        found.Set(inputs);
        return Answer(found.View());
    }

    private IResult Delete(string id)
    {
        if (Find(id) is not { } found)
        {
            return Gone(id);
        }

        if (found.Protected)
        {
            return Problem(409, "instance.deletion_protected", "Deletion protection is on.");
        }

        Instances.TryRemove(found.Id, out _);
        return TypedResults.NoContent();
    }

    private IResult Acknowledge(string id)
    {
        if (Find(id) is not { } found)
        {
            return Gone(id);
        }

        found.Acknowledged = true;
        return TypedResults.NoContent();
    }

    private async Task<IResult> WaitAsync(string id, int wait)
    {
        if (Find(id["op_".Length..]) is not { } found)
        {
            return Problem(404, "operation.not_found", "No such operation.");
        }

        await Task.WhenAny(found.Done, Task.Delay(TimeSpan.FromSeconds(wait)));
        return Answer(
            FakeInstance.Operation(
                id,
                found.Done.IsCompleted ? "succeeded" : "running",
                found.Id,
                null
            )
        );
    }

    private static async Task<T> ReadAsync<T>(HttpContext context) =>
        (await context.Request.ReadFromJsonAsync<T>(Json))!;

    private static IResult Answer<T>(T body) => TypedResults.Json(body, Json);

    private static IResult Gone(string id) =>
        Problem(404, "instance.not_found", $"There is no instance {id}.");

    private static IResult Problem(int status, string code, string title) =>
        TypedResults.Json(
            new ProblemBody
            {
                Title = title,
                Status = status,
                Code = code,
            },
            Json,
            "application/problem+json",
            status
        );
}
