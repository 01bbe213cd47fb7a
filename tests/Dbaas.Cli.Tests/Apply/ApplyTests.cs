using System.Text.Json.Nodes;
using Dbaas.Client.Operations;

namespace Dbaas.Cli.Tests.Apply;

public sealed class ApplyTests : IDisposable
{
    private const string Shop = """
        name: shop
        engine: postgresql
        engineVersion: 18.10
        cpu: 1
        parameters:
          work_mem: 8MB
        """;

    private readonly FakeService service = new();

    [Fact]
    public async Task Given_a_new_instance_when_it_is_applied_then_it_is_planned_created_awaited_and_acknowledged()
    {
        service.AnswerInTurn(
            "GET",
            "/v1/instances/shop",
            (404, FakeService.Problem(404, "instance.not_found", "no")),
            (200, FakeService.Instance())
        );
        service.Answer("GET", "/v1/instances/ins_1", 200, FakeService.Instance());
        service.Answer("POST", "/v1/plan", 200, FakeService.Plan());
        service.Answer("POST", "/v1/instances", 202, FakeService.Operation("running"));
        service.AnswerInTurn(
            "GET",
            "/v1/operations/op_1",
            (200, FakeService.Operation("running")),
            (200, FakeService.Operation("succeeded"))
        );
        service.Answer("POST", "/v1/instances/ins_1/acknowledge", 200, FakeService.Instance());

        var run = await service.RunAsync("apply", "-f", service.WriteFile("shop.yaml", Shop));

        Assert.Equal("", string.Join('\n', run.ExitCode == 0 ? "" : run.Error));
        Assert.Equal("shop available 127.101.0.1:5432\n", run.Output);
        Assert.Contains(
            "Interruption: about 1.5 s of writes refused (bench)",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("Monthly cost: +2.50 EUR", run.Error, StringComparison.Ordinal);
        Assert.Contains("create-volume 0.4 s", run.Error, StringComparison.Ordinal);
        Assert.Single(service.BodiesOf("POST", "/v1/instances/ins_1/acknowledge"));
        var sent = JsonNode.Parse(Assert.Single(service.BodiesOf("POST", "/v1/instances")))!;
        Assert.Equal("18.10", (string?)sent["engineVersion"]);
        Assert.Equal(1, (double)sent["cpu"]!);
        var request = service.Server.LogEntries[^1].RequestMessage!;
        Assert.Equal("cli", request.Headers!["Dbaas-Client"].Single());
        Assert.Single(
            service
                .Server.LogEntries.Select(entry =>
                    entry.RequestMessage!.Headers!["Dbaas-Run-Id"].Single()
                )
                .Distinct()
        );
    }

    [Fact]
    public async Task Given_nothing_to_change_when_it_is_applied_then_it_says_unchanged_and_sends_nothing()
    {
        service.Answer("GET", "/v1/instances/shop", 200, FakeService.Instance());
        service.Answer("GET", "/v1/instances/ins_1", 200, FakeService.Instance());
        service.Answer("POST", "/v1/plan", 200, FakeService.Plan());

        var run = await service.RunAsync("apply", "-f", service.WriteFile("shop.yaml", Shop));

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("unchanged\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            service.Server.LogEntries,
            entry => entry.RequestMessage!.Method is "PATCH" or "DELETE"
        );
    }

    [Fact]
    public async Task Given_a_parameter_taken_out_when_it_is_applied_then_the_patch_names_it_with_null()
    {
        service.Answer("GET", "/v1/instances/shop", 200, FakeService.Instance());
        service.Answer("GET", "/v1/instances/ins_1", 200, FakeService.Instance());
        service.Answer(
            "POST",
            "/v1/plan",
            200,
            FakeService.Plan(
                new("/parameters/work_mem", "4MB", "8MB", "live"),
                new("/parameters/jit", "off", null, "restart")
            )
        );
        service.Answer(
            "PATCH",
            "/v1/instances/ins_1",
            202,
            FakeService.Operation("succeeded", "instance.update")
        );

        var run = await service.RunAsync("apply", "-f", service.WriteFile("shop.yaml", Shop));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Restart: about", run.Error, StringComparison.Ordinal);
        var patch = JsonNode.Parse(Assert.Single(service.BodiesOf("PATCH", "/v1/instances/ins_1")));
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""{"parameters":{"work_mem":"8MB","jit":null}}"""),
                patch
            ),
            patch?.ToJsonString()
        );
    }

    [Fact]
    public async Task Given_two_documents_when_one_is_refused_then_neither_is_touched()
    {
        service.Answer(
            "GET",
            "/v1/instances/*",
            404,
            FakeService.Problem(404, "instance.not_found", "no")
        );
        service.AnswerInTurn(
            "POST",
            "/v1/plan",
            (200, FakeService.Plan()),
            (
                200,
                FakeService.Plan() with
                {
                    Valid = false,
                    Errors =
                    [
                        new FieldProblem(
                            "/storageGib",
                            "instance.range",
                            "Too small.",
                            "1 to 65536"
                        ),
                    ],
                }
            )
        );
        var file = service.WriteFile(
            "two.yaml",
            Shop + "\n---\nname: other\nengine: postgresql\nstorageGib: 0\n"
        );

        var run = await service.RunAsync("apply", "-f", file);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains(
            "/storageGib: Too small. Allowed: 1 to 65536",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("Code: instance.range", run.Error, StringComparison.Ordinal);
        Assert.Empty(service.BodiesOf("POST", "/v1/instances"));
    }

    [Theory]
    [InlineData(
        "name: a\nengine: postgresql\nstorageGb: 1",
        "line 3: there is no property 'storageGb'; did you mean 'storageGib'?"
    )]
    [InlineData("resource: DatabaseInstanc\nname: a", "did you mean 'DatabaseInstance'?")]
    [InlineData("engine: postgresql", "'name' is missing")]
    [InlineData(
        "name: a\nmaintenanceWindow:\n  dy: monday",
        "there is no property 'dy'; did you mean 'day'?"
    )]
    [InlineData("name: a\n---\nname: a", "declares a more than once")]
    [InlineData("{", "line 2")]
    [InlineData("", "declares nothing")]
    public async Task Given_a_file_with_a_mistake_when_it_is_applied_then_the_place_is_named_and_nothing_is_asked(
        string content,
        string expected
    )
    {
        var run = await service.RunAsync("apply", "-f", service.WriteFile("bad.yaml", content));

        Assert.Equal(3, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(service.Server.LogEntries);
    }

    [Fact]
    public async Task Given_a_create_that_was_undone_when_it_is_applied_then_the_reason_and_exit_code_8_come()
    {
        service.Answer(
            "GET",
            "/v1/instances/shop",
            404,
            FakeService.Problem(404, "instance.not_found", "no")
        );
        service.Answer("POST", "/v1/plan", 200, FakeService.Plan());
        service.Answer(
            "POST",
            "/v1/instances",
            202,
            FakeService.Operation("undone") with
            {
                Error = FakeService.Problem(
                    500,
                    "engine.start_failed",
                    "It ran out of memory."
                ) with
                {
                    LogLines = ["FATAL:  could not map memory"],
                },
            }
        );

        var run = await service.RunAsync("apply", "-f", service.WriteFile("shop.yaml", Shop));

        Assert.Equal(8, run.ExitCode);
        Assert.Contains("It ran out of memory.", run.Error, StringComparison.Ordinal);
        Assert.Contains("FATAL:  could not map memory", run.Error, StringComparison.Ordinal);
        Assert.Empty(service.BodiesOf("POST", "/v1/instances/ins_1/acknowledge"));
    }

    public void Dispose() => service.Dispose();
}
