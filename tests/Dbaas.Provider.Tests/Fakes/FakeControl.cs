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
internal sealed partial class FakeControl : IAsyncDisposable
{
    public const string ApiKey = "dbk_test_do_not_leak";
    public const string Password = "s3cret-never-stored";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly FakeAuthority authority = new();
    private WebApplication app;

    private FakeControl()
    {
        CaFile = Path.Combine(Path.GetTempPath(), $"dbaas-test-ca-{Guid.NewGuid():N}.pem");
        File.WriteAllText(CaFile, authority.Pem);
        app = Build(port: 0);
    }

    public string CaFile { get; }
    public string Endpoint { get; private set; } = "";
    public ConcurrentDictionary<string, FakeInstance> Instances { get; } = new();
    public ConcurrentBag<string> Requests { get; } = [];

    /// <summary>Creates wait for this before they are done.</summary>
    public TaskCompletionSource? CreateGate { get; set; }

    /// <summary>Updates wait for this before they are done.</summary>
    public TaskCompletionSource? UpdateGate { get; set; }

    /// <summary>Shows a number as a text, as a service of another version may.</summary>
    public bool Misshapes { get; set; }

    /// <summary>The next create ends as this failure, undone.</summary>
    public ProblemBody? NextCreateFails { get; set; }

    /// <summary>Rows it gives at most; a larger page is refused.</summary>
    public int LargestPage { get; set; } = 500;

    public static async Task<FakeControl> StartAsync()
    {
        var control = new FakeControl();
        await control.app.StartAsync();
        control.Endpoint = control.app.Urls.First();
        return control;
    }

    public FakeInstance Only => Instances.Values.Single();

    public async ValueTask DisposeAsync()
    {
        CreateGate?.TrySetResult();
        UpdateGate?.TrySetResult();
        await back;
        await app.DisposeAsync();
        authority.Dispose();
        File.Delete(CaFile);
    }

    private WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(authority.Server))
        );
        var built = builder.Build();
        Map(built);
        return built;
    }

    private void Map(WebApplication app)
    {
        app.Use(JudgeAsync);
        app.MapPost("/v1/plan", (PlanRequest request) => Answer(FakePlan.Judge(this, request)));
        app.MapPost("/v1/instances", (Delegate)CreateAsync);
        app.MapGet("/v1/instances", (int? limit, string? cursor) => List(limit ?? 50, cursor));
        app.MapGet(
            "/v1/instances/{id}",
            (string id) => Find(id) is { } found ? Answer(Shown(found)) : Gone(id)
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

    private JsonObject Shown(FakeInstance instance)
    {
        var view = instance.View();
        if (Misshapes)
        {
            view["actualStorageGib"] = "much";
        }

        return view;
    }

    internal FakeInstance? Find(string idOrName) =>
        Instances.Values.FirstOrDefault(instance =>
            instance.Id == idOrName || instance.Name == idOrName
        );

    private IResult List(int limit, string? cursor)
    {
        if (limit > LargestPage)
        {
            return Problem(400, "request.limit_invalid", $"limit is 1 to {LargestPage}.");
        }

        var all = Instances.Values.OrderBy(instance => instance.Id, StringComparer.Ordinal);
        var rest = all.SkipWhile(instance =>
            cursor is not null && string.CompareOrdinal(instance.Id, cursor) <= 0
        );
        var page = rest.Take(limit).ToList();
        return Answer(
            new
            {
                items = page.Select(instance => instance.View()),
                nextCursor = rest.Count() > limit ? page[^1].Id : null,
            }
        );
    }

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
            existing.Adopted = true;
            return existing.Done.IsCompleted ? Answer(Shown(existing)) : Begun(existing);
        }

        var created = new FakeInstance(inputs, run, CreateGate?.Task ?? Task.CompletedTask);
        Instances[created.Id] = created;
        return created.Done.IsCompleted
            ? TypedResults.Json(Shown(created), Json, statusCode: 201)
            : Begun(created);
    }

    private static IResult Begun(FakeInstance instance) =>
        TypedResults.Json(
            FakeInstance.Operation("op_" + instance.Id, "running", instance.Id, null) with
            {
                Adopted = instance.Adopted,
            },
            Json,
            statusCode: 202
        );

    private async Task<IResult> UpdateAsync(string id, HttpContext context)
    {
        if (Find(id) is not { } found)
        {
            return Gone(id);
        }

        if (!found.Done.IsCompleted)
        {
            return Busy(found);
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
        if (UpdateGate is { Task.IsCompleted: false } gate)
        {
            found.Done = gate.Task;
            return Begun(found);
        }

        return Answer(Shown(found));
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

        if (!found.Done.IsCompleted)
        {
            return Busy(found);
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
            ) with
            {
                Adopted = found.Adopted,
            }
        );
    }

    private static async Task<T> ReadAsync<T>(HttpContext context) =>
        (await context.Request.ReadFromJsonAsync<T>(Json))!;

    private static IResult Answer<T>(T body) => TypedResults.Json(body, Json);

    private static IResult Busy(FakeInstance instance) =>
        Problem(409, "instance.busy", $"op_{instance.Id} is under way on {instance.Name}.");

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
